"""`python -m bench.filters --people 20000` in a home of its own, which is filled at first and then kept."""

import argparse
import json
import os
import sys
from dataclasses import asdict

from bench.filling import CACHE
from bench.filters.asking import Asking
from bench.filters.history import end_of, ensure_history
from bench.filters.questions import QUESTIONS
from rapport.engine.runtime.home import Home
from rapport.engine.runtime.postgres import Server


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.filters", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000, help="how many the home has (default: %(default)s)")
    parser.add_argument("--only", default="", metavar="PART", help="only filters that hold this")
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings")
    os.environ["RAPPORT_HOME"] = str(CACHE / f"home-{chosen.people}-history")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)
    home = Home.from_env()
    home.make()
    with Server(home).running():
        import django

        django.setup()
        end = end_of(ensure_history(home, chosen.people))
        wanted = [one for one in QUESTIONS if chosen.only in one.filter]
        found = [asdict(one) for one in Asking(end).compare_all(wanted)]
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
