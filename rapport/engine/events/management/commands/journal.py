"""`rapport journal verify` proves that nothing in the journal was altered; `seal` seals what is closed."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rapport.engine.events.journal.seal import seal
from rapport.engine.events.journal.verify import verify


class Command(BaseCommand):
    help = "Verify the journal, or seal its closed entries."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["verify", "seal"])
        parser.add_argument("--head", default="", help="A head that was kept outside; it must still be in the chain.")

    def handle(self, *args: Any, verb: str, head: str, **options: Any) -> None:
        if verb == "seal":
            self.stdout.write(f"Sealed {seal():,} entries.")
            return
        started = time.monotonic()
        report = verify(head=head)
        seconds = max(time.monotonic() - started, 0.001)
        for request, count in report.erased.items():
            self.stdout.write(f"{count:,} entries erased by request {request}.")
        self.stdout.write(f"{report.unsealed:,} entries are not sealed yet.")
        self.stdout.write(f"Head: {report.head or 'none yet'}")
        if report.faults:
            raise CommandError("The journal was altered:\n" + "\n".join(report.faults[:50]))
        self.stdout.write(
            f"{report.sealed:,} sealed entries verified, {report.sealed / seconds:,.0f} a second. Nothing was altered."
        )
