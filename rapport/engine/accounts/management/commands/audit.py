"""`rapport audit`: who may see what, what was read and taken out, and whether the journal is whole."""

import json
import sys
from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rapport.engine.accounts.audit.keeping import keep_report, mail_report
from rapport.engine.accounts.audit.making import make_report
from rapport.engine.accounts.audit.report import Verdict, as_json
from rapport.engine.accounts.audit.text import as_text
from rapport.engine.accounts.commands import CONSOLE
from rapport.engine.events.act import open_act
from rapport.engine.records.definitions import definitions


class Command(BaseCommand):
    help = "Print an audit. The exit code is 1 when it says to act."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", metavar="DATE", help="from this day on (default: the last audit of a month)")
        parser.add_argument("--full", action="store_true", help="verify the whole journal, not only what is new")
        parser.add_argument("--json", action="store_true", help="as JSON")
        parser.add_argument("--mail", action="store_true", help="keep it, and mail it to all administrators")

    def handle(self, *_args: Any, **options: Any) -> None:
        since = _day(options["since"]) if options["since"] else None
        report = make_report(since, full=options["full"])
        told = json.dumps(as_json(report), indent=2, ensure_ascii=False) if options["json"] else as_text(report)
        self.stdout.write(told.rstrip())
        if options["mail"]:
            with open_act(CONSOLE, reason="audit command") as act:
                mailed = mail_report(act, keep_report(act, report), report)
            self.stderr.write(f"Kept, and queued for {mailed} administrators.")
        if report.verdict is Verdict.ACT:
            sys.exit(1)


def _day(text: str) -> datetime:
    """The beginning of a day in the zone of the house. Raises CommandError."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), definitions().organisation.zone)
    except (ValueError, OverflowError) as error:
        raise CommandError(f"{text!r} is no day. Write it such as 2026-11-01.") from error
