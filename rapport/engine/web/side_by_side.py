"""Records side by side before they are merged: a head for each, and a row for each field with what it could take."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.records.fields import Field
from rapport.engine.records.merging import ALL, FieldChoice, Proposal
from rapport.engine.web.views.presenting import face, present, record_url, title_shown

TAKES = "take."
Takes = dict[str, UUID | Literal["all"]]


@dataclass(frozen=True)
class Head:
    """One of the records, as the head of its column."""

    id: UUID
    title: str
    url: str
    face: dict[str, Any]
    row: Any
    stays: bool


@dataclass(frozen=True)
class Cell:
    """What one record has in a field."""

    id: UUID
    value: Any
    is_taken: bool


@dataclass(frozen=True)
class Row:
    """A field and what each record has in it; `value` is what the survivor is to have where there is no choice."""

    field: Field
    cells: list[Cell]
    differs: bool
    value: Any
    can_join: bool
    joins: bool


def heads(actor: Actor, proposal: Proposal, stays: UUID) -> list[Head]:
    """The records, that which is suggested to stay first."""
    rtype = proposal.rtype
    titles = {row.pk: title_shown(actor, rtype, row) for row in proposal.rows}
    return [
        Head(row.pk, title, record_url(rtype, row.pk), face(title, row.pk, square=rtype.square), row, row.pk == stays)
        for row in proposal.rows
        for title in [titles[row.pk]]
    ]


def rows_of(actor: Actor, proposal: Proposal, chosen: Takes) -> list[Row]:
    """The fields that the reader sees; `chosen` goes before what is suggested. Parts of a name go with the name."""
    choices = [one for one in proposal.choices if one.field.slug not in proposal.rtype.secondary]
    images = [{one.field.slug: one.values[row.pk] for one in choices} for row in proposal.rows]
    shown = present(actor, [one.field for one in choices], images)
    by_record = dict(zip((row.pk for row in proposal.rows), shown, strict=True))
    return [_row(one, by_record, chosen.get(one.field.slug, one.takes)) for one in choices]


def _row(choice: FieldChoice, shown: Mapping[UUID, Mapping[str, Any]], takes: UUID | str) -> Row:
    slug, is_empty = choice.field.slug, choice.field.type.is_empty
    cells = [Cell(key, values[slug], key == takes) for key, values in shown.items()]
    value = next((one.value for one in cells if not is_empty(choice.values[one.id])), None)
    return Row(choice.field, cells, choice.differs, value, choice.can_join, takes == ALL)


def read_takes(raw: Mapping[str, Any]) -> Takes:
    """What was chosen, by field: the id of a record, or all of them; anything else counts as not chosen."""
    found: Takes = {}
    for name, given in raw.items():
        taken = ALL if given == ALL else read_id(str(given))
        if name.startswith(TAKES) and taken:
            found[name.removeprefix(TAKES)] = taken
    return found
