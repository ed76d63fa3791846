"""The command line: `python -m rapport up`, or any management command with its database brought up for it."""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext

from rapport.engine.runtime.database_url import AddressFault
from rapport.engine.runtime.home import Home, HomeFault
from rapport.engine.runtime.lifeline import hold_on
from rapport.engine.runtime.postgres import PostgresFailure, Server
from rapport.engine.runtime.site import running_site

WITHOUT_DATABASE = frozenset({"help", "version", "check", "collectstatic", "findstatic", "map"})
NO_HELP = {"-h", "--help"}


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
        return command(arguments)
    except (PostgresFailure, AddressFault, HomeFault) as failure:
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
    with Server(home).running() if needs_server(home, arguments) else nullcontext():
        from django.core.management import execute_from_command_line

        execute_from_command_line(["rapport", *arguments])
    return 0


def needs_server(home: Home, arguments: Sequence[str]) -> bool:
    asks_for_help = not arguments or bool(NO_HELP.intersection(arguments))
    return home.is_embedded and not asks_for_help and arguments[0] not in WITHOUT_DATABASE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
