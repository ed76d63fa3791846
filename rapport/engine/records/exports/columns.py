"""Columns of an export: what each field says in a cell, so that import reads the same value back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import KEYED, Field
from rapport.engine.records.gate import mask
from rapport.engine.records.imports.entrytexts import address_texts, text_of
from rapport.engine.records.imports.places import PARTS, places
from rapport.engine.records.queries.labels import POINTING, labels, pointed_at, user_addresses
from rapport.engine.records.registry import RecordType

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: its name, and the text of a row in it."""

    name: str
    text: Callable[[Row], str]


def exported_fields(actor: Actor, rtype: RecordType) -> list[Field]:
    """The fields that an export holds: those that the actor sees and that can be given again; of files the names."""
    allowed = mask(actor, rtype)
    return [field for field in rtype.all_fields() if not field.readonly and allowed.shows(field.slug)]


def columns_of(actor: Actor, rtype: RecordType, fields: Sequence[Field]) -> list[Column]:
    """The columns, Rapport's own id first."""
    named = {place.to: place.label for place in places(actor, rtype)}
    every = [Column(_("Rapport ID"), lambda row: str(row["id"]))]
    for field in fields:
        every += _of_field(field, named)
    return every


def with_names(actor: Actor, fields: Sequence[Field], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows whose relations and files are names and whose users are addresses; what the actor may not see is empty."""
    pointing = [field for field in fields if field.type.name in POINTING]
    if not pointing:
        return rows
    named = [field for field in pointing if field.type.name != "user"]
    titles = {key: one.title for key, one in labels(actor, pointed_at(named, rows)).items()}
    users = user_addresses(
        {row[field.slug] for row in rows for field in pointing if field.type.name == "user"} - {None}
    )
    for row in rows:
        for field in pointing:
            known = users if field.type.name == "user" else titles
            row[field.slug] = known.get(row[field.slug], "")
    return rows


def _of_field(field: Field, named: Mapping[str, str]) -> Iterator[Column]:
    slug, type_ = field.slug, field.type
    if type_.name == "addresses":
        for part in PARTS:
            name = named.get(f"{slug}.{part}", f"{field.label}: {part}")
            yield Column(name, lambda row, part=part: _address_part(row[slug], part))  # type: ignore[misc]  # a default
        yield Column(named.get(f"{slug}.more", f"{field.label}: more"), lambda row: address_texts(row[slug] or []))
    elif type_.name in KEYED:
        yield Column(str(field.label), lambda row: text_of(type_, row[slug] or []))
    elif type_.name in POINTING:
        yield Column(str(field.label), lambda row: row[slug] or "")
    elif type_.name == "bool":
        yield Column(str(field.label), lambda row: "" if row[slug] is None else type_.to_text(row[slug], field))
    else:
        yield Column(str(field.label), lambda row: type_.to_text(row[slug], field))


def _address_part(entries: Sequence[Mapping[str, Any]] | None, part: str) -> str:
    return str(entries[0].get(part) or "") if entries else ""
