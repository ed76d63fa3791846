"""The command line: `python -m rapport up`, or any management command with its database brought up for it."""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from importlib import import_module
from importlib.util import find_spec

from rapport.engine.runtime import barrier
from rapport.engine.runtime.database_url import AddressFault
from rapport.engine.runtime.home import DatabaseFault, Home, HomeFault
from rapport.engine.runtime.lifeline import hold_on
from rapport.engine.runtime.loading import load
from rapport.engine.runtime.postgres import PostgresFailure, Server
from rapport.engine.runtime.site import running_site

WITHOUT_DATABASE = frozenset({"help", "version", "check", "collectstatic", "findstatic", "map"})
ASKS_FOR_HELP = {"-h", "--help"}
NO_WORD: tuple[list[str], ...] = ([], ["help"], ["-h"], ["--help"])
# Words that are no management commands, and those that only the supervisor says.
OUTER = {"up": "Start Rapport. Ctrl-C stops it.", "bench": "Measure a home of a million people."}
UNSAID = {"prepare"}
BEFORE_TABLES = {"prepare", "backup", "restore"}


def main(arguments: Sequence[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings")
    # A shell that starts us in the background has SIGINT ignored; whoever sends it all the same means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    hold_on()
    try:
        if arguments and arguments[0] == "up":
            from rapport.engine.runtime.up import up

            return up(arguments[1:])
        if arguments and arguments[0] == "web":
            from rapport.engine.runtime.web import serve

            return serve(arguments[1:])
        if arguments and arguments[0] == "bench":
            return bench(arguments[1:])
        if list(arguments) in NO_WORD:
            return tell_words()
        return command(arguments)
    except (PostgresFailure, AddressFault, HomeFault, DatabaseFault) as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def command(arguments: Sequence[str]) -> int:
    """Run a management command. A server that runs already is used and left running."""
    # So that the server is let go of in order, whoever ends this process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    home = Home.from_env()
    os.environ.setdefault("RAPPORT_URL", running_site(home).url)
    load()
    barrier.wait()
    with Server(home).running() if needs_server(home, arguments) else nullcontext():
        from django.core.management import execute_from_command_line

        if needs_tables(arguments):
            from rapport.engine.runtime.migrating import demand_tables

            demand_tables()
        elif arguments[0] in ("backup", "restore") and not ASKS_FOR_HELP.intersection(arguments):
            from rapport.engine.runtime.migrating import demand_database

            demand_database()
        execute_from_command_line(["rapport", *arguments])
    return 0


def tell_words() -> int:
    """Our own words, each with its sentence; Django's many others stay with whoever knows them."""
    load()
    from django.core.management import get_commands, load_command_class

    rooms = {word: room for word, room in get_commands().items() if room.startswith("rapport.") and word not in UNSAID}
    told = OUTER | {word: str(load_command_class(room, word).help) for word, room in rooms.items()}
    width = max(map(len, told))
    lines = [f"  {word:{width}}  {told[word]}" for word in sorted(told)]
    print("\n".join(["rapport WORD …", "", *lines, "", "rapport WORD --help tells more."]))
    return 0


def bench(arguments: Sequence[str]) -> int:
    """What `bin/bench` runs. It brings up a home of its own."""
    if find_spec("psutil") is None:
        print("Measuring needs packages that running does not. bin/bench installs them.", file=sys.stderr)
        return 1
    measure = import_module("bench.__main__").main
    sys.argv = ["bin/bench", *arguments]
    code: int = measure()
    return code


def needs_tables(arguments: Sequence[str]) -> bool:
    """Our own words do, except those that make them, keep them or fill them."""
    from django.core.management import get_commands

    room = str(get_commands().get(arguments[0], ""))
    return room.startswith("rapport.") and not {*arguments} & {*ASKS_FOR_HELP, *WITHOUT_DATABASE, *BEFORE_TABLES}


def needs_server(home: Home, arguments: Sequence[str]) -> bool:
    return home.is_embedded and not ASKS_FOR_HELP.intersection(arguments) and arguments[0] not in WITHOUT_DATABASE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
