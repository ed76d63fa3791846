"""`rapport keys rotate`: seal all secrets with a new key; `rapport keys list`: which keys there are."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from rapport.engine.outbox.secrets.keys import key_ids, made_at
from rapport.engine.outbox.secrets.rotation import keys_in_use, rotate


class Command(BaseCommand):
    help = "Rotate or list the keys that seal secrets."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["rotate", "list"])

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        if verb == "rotate":
            total = rotate(report=lambda count: self.stdout.write(f"{count:,} values sealed …"))
            self.stdout.write(f"Done: {total:,} values are sealed with the new key.")
            self.stdout.write("The old key is destroyed in a day, once nothing is sealed with it.")
        self._list()

    def _list(self) -> None:
        used = keys_in_use()
        for key_id in key_ids():
            self.stdout.write(f"{key_id.hex()}  {made_at(key_id):%Y-%m-%d %H:%M}  {used.get(key_id, 0):,} values")
