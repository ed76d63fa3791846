"""`rapport undo BATCH`: take a batch back, in slices; the answer to a write and the journal page name batches."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.errors import CannotUndo
from rapport.engine.events.undo import count_changes, undo_in_slices
from rapport.engine.events.undo.large import EVERYTHING, is_large, refuse_if_at_work


class Command(BaseCommand):
    help = "Take back every change of a batch; what others changed since is kept and listed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", type=UUID)

    def handle(self, *args: Any, batch: UUID, **options: Any) -> None:
        total = count_changes(batch, limit=EVERYTHING) if is_large(batch) else 0

        def report(done: int) -> None:
            if total:
                self.stdout.write(f"\r{done:,} of {total:,} changes ", ending="")
                self.stdout.flush()

        try:
            refuse_if_at_work(batch)
            outcome = undo_in_slices(SYSTEM, batch, reason="Undo from the command line", report=report)
        except CannotUndo as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{chr(10) if total else ''}Changes taken back: {outcome.rows:,}.")
        self.stdout.write(f"Kept, because others changed them since: {outcome.kept:,}.")
