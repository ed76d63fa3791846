"""Exporting a list: through the gate and the mask, noted in the journal, one page in memory at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.facts import Fact
from rapport.engine.events.ids import uuid7
from rapport.engine.records.exports.columns import columns_of, exported_fields, with_names
from rapport.engine.records.exports.writing import as_csv, as_vcards, as_xlsx
from rapport.engine.records.gate import mask, require, within_reach
from rapport.engine.records.queries import count, page, parse_order
from rapport.engine.records.queries.filtered import filtered
from rapport.engine.records.registry import RecordType
from rapport.engine.records.watching import EXPORT, watch

PAGE = 1_000
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "vcf": "text/vcard; charset=utf-8",
}


@dataclass(frozen=True)
class RecordsExported(Fact, kind="records.exported", about="records.export"):
    """Somebody took records out of the house: of which type, by which filter, in which format, and how many rows.

    `what` is `records`, or `chart` for the numbers of one.
    """

    export: UUID
    record_type: str
    where: str
    format: str
    rows: int | None = None
    what: str = "records"


@dataclass(frozen=True)
class Export:
    """A file on its way out."""

    name: str
    content_type: str
    pieces: Iterator[bytes]


def formats_of(rtype: RecordType) -> list[str]:
    """The formats that make sense for a type; cards are of people."""
    has_cards = rtype.field("emails") is not None and rtype.field("first_name") is not None
    return [name for name in FORMATS if name != "vcf" or has_cards]


def export(
    actor: Actor, rtype: RecordType, *, where: str, order: str, format_: str, now: datetime, zone: ZoneInfo
) -> Export:
    """Export all records that match. Raises NotAllowed, FilterError and Invalid before anything is sent."""
    require(actor, rtype, "export")
    rows = within_reach(actor, rtype, "export", filtered(actor, rtype, where, now=now, zone=zone))
    sorted_by = parse_order(rtype, order or rtype.order, mask(actor, rtype).hidden)
    fields = exported_fields(actor, rtype)
    note_export(actor, RecordsExported(uuid7(), rtype.slug, where, format_, count(rows, exact=True).value))

    def pages() -> Iterator[list[dict[str, Any]]]:
        cursor: str | None = ""
        while cursor is not None:
            shown = page(rtype, rows, fields, order=sorted_by, limit=PAGE, cursor=cursor)
            watch(actor, rtype, fields, shown.rows, door=EXPORT)
            yield with_names(actor, fields, shown.rows)
            cursor = shown.next

    name = f"{rtype.slug}-{now.astimezone(zone):%Y-%m-%d}.{format_}"
    if format_ == "vcf":
        return Export(name, FORMATS[format_], as_vcards(pages()))
    columns = columns_of(actor, rtype, fields)
    texts = ([[column.text(row) for column in columns] for row in rows] for rows in pages())
    write = as_xlsx if format_ == "xlsx" else as_csv
    return Export(name, FORMATS[format_], write([column.name for column in columns], texts))


def note_chart(actor: Actor, rtype: RecordType, where: str, *, rows: int) -> None:
    """Tell the journal that the numbers of a chart leave the house."""
    note_export(actor, RecordsExported(uuid7(), rtype.slug, where, "csv", rows, "chart"))


def note_export(actor: Actor, fact: RecordsExported) -> None:
    """Tell the journal that something leaves the house."""
    with open_act(actor, reason="export") as act:
        act.happened(fact)
