"""Prints a one-time link that signs in: the way in when nobody has a password yet."""

import argparse
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from rapport.engine.accounts.commands import CONSOLE, user_to_sign_in
from rapport.engine.accounts.links import FIRST_START_LINK_LASTS, PRINTED_LINK_LASTS, make_link
from rapport.engine.accounts.models import Purpose, User
from rapport.engine.events.act import open_act


class Command(BaseCommand):
    help = "Print a link that signs in once. An empty instance gets a link that makes its first administrator."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--user", metavar="EMAIL", help="who signs in; by default the first administrator")
        parser.add_argument("--hours", type=int, help="how long it works (default: 1; 24 until somebody has signed in)")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = user_to_sign_in(options["user"])
        purpose = Purpose.SIGN_IN if user else Purpose.FIRST_ADMINISTRATOR
        lasts = timedelta(hours=options["hours"]) if options["hours"] else usual_time()
        with open_act(CONSOLE, reason="link command") as act:
            link = make_link(act, user, purpose=purpose, lasts=lasts)
        self.stdout.write(link)


def usual_time() -> timedelta:
    """Whoever installs may be called away before the first sign-in; later a link is for now."""
    used = User.objects.exclude(last_login=None).exists()
    return PRINTED_LINK_LASTS if used else FIRST_START_LINK_LASTS
