"""Where the running Rapport of a home answers; written by the supervisor, read by every other command."""

import json
import os
from dataclasses import asdict, dataclass

from rapport.engine.runtime.home import Home

DEFAULT_PORT = 8000


@dataclass(frozen=True)
class Site:
    url: str
    port: int
    pid: int


def note_site(home: Home, site: Site) -> None:
    draft = home.run / f".site.{os.getpid()}"
    draft.write_text(json.dumps(asdict(site)))
    draft.replace(home.run / "site.json")


def running_site(home: Home) -> Site:
    """The site that runs now or ran last: a link made between two starts keeps the address people know."""
    try:
        return Site(**json.loads((home.run / "site.json").read_text()))
    except FileNotFoundError:
        return Site(url=f"http://127.0.0.1:{DEFAULT_PORT}", port=DEFAULT_PORT, pid=0)
