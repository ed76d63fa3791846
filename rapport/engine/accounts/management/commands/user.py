"""Users from the command line: add, list, deactivate, password, second-factor."""

import argparse
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from rapport.engine.accounts import actions
from rapport.engine.accounts.commands import CONSOLE, user_named
from rapport.engine.accounts.errors import AddressTaken
from rapport.engine.accounts.factors.actions import take_second_factor
from rapport.engine.accounts.factors.queries import has_factor
from rapport.engine.accounts.models import Role, User
from rapport.engine.accounts.queries import all_users
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.errors import ValidationFailed


class Command(BaseCommand):
    help = "Add, list or deactivate users, set a password, or take away a second factor."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        add = words.add_parser("add", help="add a user and print a link that lets them in once")
        add.add_argument("email")
        add.add_argument("--role", default=Role.MEMBER, help="default: %(default)s")
        add.add_argument("--name", default="", help="how others see them")
        words.add_parser("list", help="show everybody")
        factor = words.add_parser("second-factor", help="show or take away what a user signs in with beside a password")
        factor.add_argument("email")
        factor.add_argument("--remove", action="store_true", help="for somebody who has lost theirs")
        for word, meaning in (("deactivate", "shut a user out at once"), ("password", "set a password")):
            words.add_parser(word, help=meaning).add_argument("email")

    def handle(self, *_args: Any, **options: Any) -> None:
        match options["word"]:
            case "add":
                self.add(options["email"], role=options["role"], name=options["name"])
            case "list":
                self.list()
            case "second-factor":
                self.second_factor(user_named(options["email"]), remove=options["remove"])
            case "deactivate":
                self.deactivate(user_named(options["email"]))
            case "password":
                self.password(user_named(options["email"]))

    def add(self, email: str, *, role: str, name: str) -> None:
        if role != Role.ADMIN and not User.objects.active().filter(role=Role.ADMIN).exists():
            raise CommandError("The first user must be an administrator: add --role admin.")
        try:
            validate_email(email)
            with open_act(CONSOLE, reason="user command") as act:
                user, link = actions.invite_user(act, email=email, name=name, role=role)
        except ValidationError as error:
            raise CommandError(f"{email!r} is not an e-mail address.") from error
        except (AddressTaken, ValidationFailed) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Added {user.email} as {role}. This link lets them in once, within seven days:\n{link}")

    def list(self) -> None:
        for user in all_users():
            state = "active" if user.is_active else "deactivated"
            self.stdout.write(f"{user.email}  {user.role}  {state}  {user.name}".rstrip())

    def deactivate(self, user: User) -> None:
        try:
            with open_act(CONSOLE, reason="user command") as act:
                actions.deactivate_user(act, user)
        except NotAllowed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Deactivated {user.email}. Their sessions and tokens have ended.")

    def second_factor(self, user: User, *, remove: bool) -> None:
        if not remove:
            self.stdout.write(f"{user.email} has {'a' if has_factor(user) else 'no'} second factor.")
            return
        with open_act(CONSOLE, reason="user command") as act:
            taken = take_second_factor(act, user)
        if not taken:
            raise CommandError(f"{user.email} has no second factor. Nothing was changed.")
        self.stdout.write(f"{user.email} signs in with a password alone now.")

    def password(self, user: User) -> None:
        password = getpass("New password: ")
        if password != getpass("Again: "):
            raise CommandError("The two passwords differ. Nothing was changed.")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with open_act(CONSOLE, reason="user command") as act:
            actions.set_password(act, user, password)
        self.stdout.write(f"The password of {user.email} is set. Their other sessions and tokens have ended.")
