"""Makes the home of an earlier version, for the tests: run as a process with RAPPORT_HOME and the backup's name."""

import sys
from pathlib import Path

import django

django.setup()

from rapport.engine.events.journal.era import raise_era  # noqa: E402 — Django first
from rapport.engine.runtime.backup.reading import fill  # noqa: E402 — see above
from rapport.engine.runtime.home import Home  # noqa: E402 — see above
from rapport.engine.runtime.postgres import Server  # noqa: E402 — see above

if __name__ == "__main__":
    home = Home.from_env()
    with Server(home).running():
        fill(home, Path(sys.argv[1]), ask_passphrase=str)
        # Another server counts its transactions from the beginning; an upgrade in place would not.
        raise_era()
