"""Import a file from the command line: the same steps as in the browser, with the speed and the time left."""

import argparse
import time
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from rapport.engine.events.actor import Actor
from rapport.engine.files.errors import FileRefused
from rapport.engine.records.imports import doors, problems
from rapport.engine.records.imports.doing import go_on
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.holding import in_hand
from rapport.engine.records.imports.refused import refused_rows
from rapport.engine.records.imports.summary import fates, words_of
from rapport.engine.records.models import ImportRun
from rapport.engine.records.registry import find_record_type, record_types

CONSOLE = Actor(kind="system", name="Command line")
EVERY = 0.5  # seconds between two lines of progress


class Command(BaseCommand):
    help = "Import people, companies or other records from a CSV, TSV, XLSX or vCard file."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("record_type", help="such as people or companies")
        parser.add_argument("file", type=Path)
        parser.add_argument("--map", default="auto", help="auto, or 'Column=field; Other column=new; Third='")
        parser.add_argument("--mode", choices=doors.MODES, default="upsert", help="default: %(default)s")
        parser.add_argument("--match", default=None, help="by what records are found, such as email, domain or id")
        parser.add_argument("--rule", choices=("overwrite", "fill", "newest"), default="overwrite",
                            help="for values of records that are here, default: %(default)s")  # fmt: skip
        parser.add_argument("--create-missing", action="store_true", help="make companies and others that are named")
        parser.add_argument("--source", default=None, help="whose ids the external ids are, such as hubspot")
        parser.add_argument("--user", default="", help="on whose behalf, by e-mail; default: the system")
        parser.add_argument("--refused", type=Path, help="where to write the rows that were refused, as CSV")
        parser.add_argument("--yes", action="store_true", help="import without asking, and leave out what has problems")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self.run_import(options)
        except (ImportRefused, FileRefused) as error:
            raise CommandError(str(error)) from error

    def run_import(self, options: dict[str, Any]) -> None:
        run = self._staged(options)
        self._map(run, options)
        self._steps(run, "check")
        self._show(run)
        if not options["yes"] and input("Import? [y/N] ").strip().lower() not in ("y", "yes"):
            self.stdout.write(f"Nothing was written. The import {run.pk} waits under Imports.")
            return
        began = time.monotonic()
        ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.RUNNING, started_at=run.created_at)
        run.refresh_from_db()
        self._steps(run, "run")
        if run.state != ImportRun.State.DONE:
            raise CommandError(run.error or f"The import is {run.state}.")
        seconds = max(time.monotonic() - began, 0.001)
        self.stdout.write(f"{words_of(run)}, {run.rows / seconds:,.0f} rows/s. Batch {run.batch}.")
        if options["refused"]:
            with options["refused"].open("w", newline="") as file:
                file.writelines(refused_rows(run))

    def _staged(self, options: dict[str, Any]) -> ImportRun:
        rtype = find_record_type(options["record_type"])
        if rtype is None or rtype.section is None:
            known = ", ".join(one.slug for one in record_types() if one.section is not None)
            raise CommandError(f"There are no {options['record_type']}. Known are: {known}.")
        given = {name: options[name] for name in ("mode", "match", "rule", "source")}
        try:
            with options["file"].open("rb") as file:
                run = doors.begin(
                    self._actor(options["user"]), rtype, file, name=options["file"].name, options=given, wait=True
                )
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        if run.state == ImportRun.State.FAILED:
            raise CommandError(run.error)
        return run

    def _actor(self, email: str) -> Actor:
        if not email:
            return CONSOLE
        user = get_user_model()._default_manager.filter(email=email.strip().lower()).first()
        if user is None or not user.is_active:
            raise CommandError(f"No active user has the address {email}. `rapport user list` shows everybody.")
        actor: Actor = user.actor
        return actor

    def _map(self, run: ImportRun, options: dict[str, Any]) -> None:
        columns = run.columns
        if options["map"] != "auto":
            columns = mapped(run, options["map"])
        for column in columns:
            column["create"] = bool(options["create_missing"])
        doors.map_columns(run, columns, {})
        for column in run.columns:
            new = column.get("new", {})
            goes = (
                f"new field: {new.get('label')}, {new.get('type')}"
                if column["to"] == "new"
                else column["to"] or "(left out)"
            )
            self.stdout.write(f"  {column['header'][:40]:40} → {goes} ({column.get('sure', '')})")
        run.state = ImportRun.State.CHECKING
        run.save(update_fields=["state"])

    def _steps(self, run: ImportRun, word: str) -> None:
        began = said = time.monotonic()

        def report(done: int) -> None:
            nonlocal said
            now = time.monotonic()
            if now - said < EVERY:
                return
            said = now
            speed = done / (now - began)
            left = (run.rows - done) / speed if speed else 0
            self.stderr.write(f"{word}: {done:,} of {run.rows:,} rows · {speed:,.0f} rows/s · {left:,.0f} s left")

        with in_hand(run):
            go_on(run, report)
        run.refresh_from_db()

    def _show(self, run: ImportRun) -> None:
        self.stdout.write(", ".join(f"{count:,} {label}" for label, count in fates(run) if count) or "no rows")
        for group in problems.groups(run, doors.compiled_of(run)):
            some = ", ".join(f"“{one['text'][:40]}” {one['count']}" for one in group.values[:3])
            self.stdout.write(f"  {group.count:,} rows: {group.title}: {some}")


def mapped(run: ImportRun, text: str) -> list[dict[str, Any]]:
    """`Firma=company; Notiz=` over what was guessed."""
    given = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        head, equals, to = part.partition("=")
        if not equals or head.strip() not in run.header:
            raise CommandError(f"There is no column {head.strip()!r}. The file has: {', '.join(run.header)}.")
        given[head.strip()] = to.strip()
    return [
        one | ({"to": given[one["header"]], "sure": "said"} if one["header"] in given else {}) for one in run.columns
    ]
