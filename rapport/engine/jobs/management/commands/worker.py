"""`rapport worker`: run jobs, schedules and background loops until told to stop. The supervisor starts it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from rapport.engine.jobs.worker import run_worker


class Command(BaseCommand):
    help = "Run jobs, schedules and background loops."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="jobs that run at the same time (2)")

    def handle(self, *args: Any, concurrency: int, **options: Any) -> None:
        run_worker(concurrency)
