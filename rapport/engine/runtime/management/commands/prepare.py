"""What a start needs before the site can run: tables (after a backup), static files, first-start commands, a link."""

import io
import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from rapport.engine.runtime.backup import BackupFault, back_up_before_migrating
from rapport.engine.runtime.collecting import collect_static
from rapport.engine.runtime.home import DatabaseFault, Home
from rapport.engine.runtime.migrating import (
    demand_database,
    has_unapplied_migrations,
    is_fresh,
    migrate,
    only_one_machine,
)


class Command(BaseCommand):
    help = "Make the database and the static files ready for this version. bin/up does it at every start."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--empty", action="store_true", help="run no first-start command")

    def handle(self, **options: Any) -> None:
        home = Home.from_env()
        try:
            demand_database()
        except DatabaseFault as fault:
            raise CommandError(str(fault)) from fault
        with only_one_machine():
            begins = is_fresh()
            if has_unapplied_migrations():
                if not begins:
                    self._back_up(home)
                migrate()
            collect_static()
            self._first_start(home, begins=begins and not options["empty"])
        self._tell(ready="The site can start.")
        if "link" in get_commands():
            answer = io.StringIO()
            call_command("link", stdout=answer)
            self._tell(link=answer.getvalue().strip())

    def _tell(self, **words: str) -> None:
        """The supervisor listens: a line of JSON for each thing to say, one when all is ready, and one for the link."""
        self.stdout.write(json.dumps(words))
        self.stdout.flush()

    def _back_up(self, home: Home) -> None:
        try:
            self._tell(say=back_up_before_migrating(home))
        except BackupFault as fault:
            raise CommandError(f"No backup could be taken, so nothing was changed. {fault}") from fault

    def _first_start(self, home: Home, *, begins: bool) -> None:
        """Commands of the first start; a mark lets the next start go on with them if this one is interrupted."""
        pending = home.run / "first-start"
        if begins:
            pending.touch()
        if pending.exists():
            for command, *arguments in getattr(settings, "FIRST_START", []):
                call_command(command, *arguments, stdout=sys.stderr)
            pending.unlink()
