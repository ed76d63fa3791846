"""Export records from the command line."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import definitions
from rapport.engine.records.errors import Invalid
from rapport.engine.records.exports import export, formats_of
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.registry import find_record_type, record_types

CONSOLE = Actor(kind="system", name="Command line")


class Command(BaseCommand):
    help = "Export records to a CSV, XLSX or vCard file, by its ending; - writes CSV to the terminal."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("record_type", help="such as people or companies")
        parser.add_argument("file", help="people.csv, people.xlsx, people.vcf or -")
        parser.add_argument("--where", default="", help="a filter as in the address of a list, such as 'country = NO'")
        parser.add_argument("--order", default="", help="a field to sort by, such as name or -created_at")

    def handle(self, *_args: Any, **options: Any) -> None:
        rtype = find_record_type(options["record_type"])
        if rtype is None:
            known = ", ".join(one.slug for one in record_types())
            raise CommandError(f"There are no {options['record_type']}. Known are: {known}.")
        format_ = "csv" if options["file"] == "-" else Path(options["file"]).suffix.lstrip(".").lower()
        if format_ not in formats_of(rtype):
            raise CommandError(f"{rtype.slug} can be exported to: {', '.join(formats_of(rtype))}.")
        try:
            made = export(
                CONSOLE, rtype, where=options["where"], order=options["order"], format_=format_,
                now=timezone.now(), zone=definitions().organisation.zone,
            )  # fmt: skip
        except (FilterError, Invalid) as error:
            raise CommandError(str(error)) from error
        if options["file"] == "-":
            for piece in made.pieces:
                sys.stdout.buffer.write(piece)
            return
        try:
            with Path(options["file"]).open("wb") as file:
                for piece in made.pieces:
                    file.write(piece)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror}.") from error
        self.stderr.write(f"Wrote {options['file']}.")
