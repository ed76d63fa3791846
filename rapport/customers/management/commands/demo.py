"""`rapport demo --people N`: fill an instance with the sample company, an outdoor shop with customers everywhere."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rapport.customers.demo import load
from rapport.customers.models import Person

MOST = 5_000_000


class Command(BaseCommand):
    help = "Load the sample company, Northwind Outdoor, into this instance."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=2_000, help="how many people (default: 2,000)")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are people already")

    def handle(self, *args: Any, people: int, if_empty: bool, **options: Any) -> None:
        if not 0 < people <= MOST:
            raise CommandError(f"--people takes a number from 1 to {MOST:,}.")
        if if_empty and Person.objects.exists():
            return
        started = time.monotonic()
        for progress in load(people):
            rate = progress.people / max(time.monotonic() - started, 0.001)
            left = (people - progress.people) / rate
            self.stdout.write(
                f"\r{progress.people:,} of {people:,} people, {rate:,.0f} a second, {left:,.0f} s left ", ending=""
            )
            self.stdout.flush()
        self.stdout.write(
            f"\rThe sample company has {progress.people:,} people in {progress.companies:,} companies.{' ' * 20}"
        )
