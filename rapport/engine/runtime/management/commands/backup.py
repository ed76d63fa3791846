"""`rapport backup FILE`: everything in one file."""

import getpass
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from rapport.engine.runtime.backup import BackupFault, back_up
from rapport.engine.runtime.home import Home

PASSPHRASE = "RAPPORT_PASSPHRASE"  # noqa: S105 — the name of a variable


class Command(BaseCommand):
    help = "Write database, files and the keys to sealed values into one file. The site may go on running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--encrypt", action="store_true", help=f"under a passphrase, asked for or taken from {PASSPHRASE}"
        )

    def handle(self, *, file: Path, encrypt: bool, **options: Any) -> None:
        passphrase = new_passphrase() if encrypt else None
        try:
            made = back_up(Home.from_env(), file, passphrase=passphrase)
        except BackupFault as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            words = {"file": file, "fault": fault.strerror or fault}
            raise CommandError(_("%(file)s cannot be written: %(fault)s.") % words) from fault
        size = f"{made.size / 1_000_000:,.1f} MB"
        self.stdout.write(
            _("Backed up %(rows)s rows and %(files)s files to %(path)s (%(size)s).")
            % {"rows": f"{made.rows:,}", "files": f"{made.files:,}", "path": made.path, "size": size}
        )
        if not encrypt:
            self.stdout.write(
                _("Whoever holds this file can read everything, stored passwords of mailboxes included. Keep it safe, ")
                + _("or protect it with --encrypt.")
            )


def new_passphrase() -> str:
    """From the environment, else typed twice."""
    given = os.environ.get(PASSPHRASE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise CommandError(_("Give the passphrase in %(name)s.") % {"name": PASSPHRASE})
    first = getpass.getpass(_("Passphrase: "))
    if not first or first != getpass.getpass(_("Once more: ")):
        raise CommandError(_("The passphrase was empty or typed differently the second time. Nothing was written."))
    return first


def known_passphrase() -> str:
    given = os.environ.get(PASSPHRASE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise CommandError(_("The backup is encrypted. Give the passphrase in %(name)s.") % {"name": PASSPHRASE})
    return getpass.getpass(_("The backup is encrypted. Passphrase: "))
