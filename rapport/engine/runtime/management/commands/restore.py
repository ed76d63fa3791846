"""`rapport restore FILE`: a backup into an empty home."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from rapport.engine.runtime.backup import BackupFault, restore
from rapport.engine.runtime.home import Home
from rapport.engine.runtime.management.commands.backup import known_passphrase


class Command(BaseCommand):
    help = "Fill an empty installation from a backup, and check that every row and file arrived."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        home = Home.from_env()
        try:
            done = restore(home, file, ask_passphrase=known_passphrase, say=self.stdout.write)
        except BackupFault as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            words = {"file": fault.filename or file, "fault": fault.strerror or fault}
            raise CommandError(_("%(file)s cannot be read or put into place: %(fault)s.") % words) from fault
        self.stdout.write(
            _("Restored %(rows)s rows and %(files)s files into %(path)s; the counts match. Start it with bin/up.")
            % {"rows": f"{done.rows:,}", "files": f"{done.files:,}", "path": home.path}
        )
