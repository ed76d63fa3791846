"""Makes the search index anew from the command line."""

from typing import Any

from django.core.management.base import BaseCommand

from rapport.engine.records.registry import record_types
from rapport.engine.records.search.rebuilding import rebuild, sweep_unknown


class Command(BaseCommand):
    help = "Make the search index anew from the records. Search goes on meanwhile; it can be stopped and run again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for rtype in record_types():
            done = 0
            for done in rebuild(rtype):
                if done % 100_000 == 0:
                    self.stdout.write(f"{rtype.label_plural}: {done:,}")
            self.stdout.write(f"{rtype.label_plural}: {done:,} in the index")
        sweep_unknown()
