"""Makes an API token from the command line."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from rapport.engine.accounts import actions
from rapport.engine.accounts.commands import CONSOLE, user_named
from rapport.engine.accounts.models import Scope
from rapport.engine.events.act import open_act


class Command(BaseCommand):
    help = "Make an API token and print it. It is shown this once."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--user", metavar="EMAIL", required=True, help="on whose behalf it acts")
        parser.add_argument("--scope", choices=Scope.values, default=Scope.WRITE, help="default: %(default)s")
        parser.add_argument("--name", default="Command line", help="what it is for, as its list shows it")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = user_named(options["user"])
        with open_act(CONSOLE, reason="token command") as act:
            _token, secret = actions.create_token(act, user, name=options["name"], scope=options["scope"])
        self.stdout.write(secret)
