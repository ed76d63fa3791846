"""A run's columns made ready to read rows with: one reader for each column that goes somewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import KEYED, LISTS, Field, Reading
from rapport.engine.records.imports.cells import (
    date_order,
    decimal_comma,
    is_nothing,
    plain_date,
    plain_number,
)
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.inventing import as_field
from rapport.engine.records.imports.places import NEW, Place, places
from rapport.engine.records.links import Links, links_of
from rapport.engine.records.models import ImportRun
from rapport.engine.records.reading import reading_for
from rapport.engine.records.registry import RecordType
from rapport.engine.records.rules.judging import Judge, judge_for

ROW = -1
NOT_AT_ONCE = frozenset({"addresses", "relation", "user"})

Convert = Callable[[str], str]
Turn = Callable[[Any], Any]


@dataclass
class Column:
    """One column on its way into a place."""

    index: int
    place: Place
    convert: Convert
    mapped: dict[str, str]
    mends: dict[str, str]
    create: bool = False
    is_alone: bool = True
    known: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def kind(self) -> str:
        """The type of the field, or the place itself where there is no field."""
        return self.place.field.type.name if self.place.field else self.place.to

    @cached_property
    def fills(self) -> str:
        """The field that a value of this column fills just as it was read; empty where more is to be done."""
        to = self.place.field
        at_once = to is not None and not self.place.part and self.kind not in NOT_AT_ONCE
        return to.slug if to and at_once and (self.is_alone or self.kind not in LISTS) else ""

    @cached_property
    def repeats(self) -> bool:
        """Whether the same text may give the same value again; an entry holds an id of its own."""
        return self.kind not in KEYED and self.kind != "long_text"


@dataclass
class Compiled:
    """All that reading the rows of a run needs. `new_options` are choices to be made: slug → value → label."""

    rtype: RecordType
    actor: Actor
    reading: Reading
    columns: list[Column]
    new_fields: list[Field]
    new_options: dict[str, dict[str, str]]
    match: list[str]
    mode: str
    source: str = ""
    _known: dict[str, Field] = field(default_factory=dict)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every field that is filled, by slug; those that follow from others are in the record type."""
        return {one.place.field.slug: one.place.field for one in self.columns if one.place.field}

    @cached_property
    def judge(self) -> Judge | None:
        """Who judges the rows by the rules of the type; None where there are none."""
        return judge_for(self.rtype, self.reading)

    def links(self, records: Sequence[Any]) -> Links:
        """What records point at, in fields that are filled or that rules ask for."""
        asked = [*self.fields.values(), *(self.judge.fields if self.judge else ())]
        return links_of(asked, [one.pk for one in records])

    def column_of(self, slug: str) -> int:
        """The column that fills a field, or the whole row."""
        return next((one.index for one in self.columns if one.place.field and one.place.field.slug == slug), ROW)

    def field(self, slug: str) -> Field | None:
        if slug not in self._known:
            found = self.rtype.field(slug) or next((one for one in self.new_fields if one.slug == slug), None)
            if found is None:
                return None
            self._known[slug] = found
        return self._known[slug]


def compile_run(run: ImportRun, actor: Actor, rtype: RecordType, sample: Sequence[Sequence[str]]) -> Compiled:
    """Make the columns of a run ready. Raises ImportRefused for a mapping that does not hold."""
    known = {place.to: place for place in places(actor, rtype)}
    new_fields: list[Field] = []
    columns = []
    for index, asked in enumerate(run.columns):
        place = _place(rtype, asked, known, new_fields)
        if place is not None:
            columns.append(_column(run, index, asked, place, [row[index] for row in sample if index < len(row)]))
    _require_once(columns)
    for one in columns:
        one.is_alone = sum(other.place.field is one.place.field for other in columns) == 1
    if not columns:
        raise ImportRefused(_("No column goes anywhere. Choose at least one."))
    reading = reading_for(actor)
    options = {slug: dict(some) for slug, some in run.found.get("new_options", {}).items()}
    match = [word for word in str(run.options.get("match", "")).split("+") if word]
    mode, source = run.options.get("mode", "upsert"), run.options.get("source", "")
    return Compiled(rtype, actor, reading, columns, new_fields, options, match, mode, source)


def _place(rtype: RecordType, asked: dict[str, Any], known: dict[str, Place], new_fields: list[Field]) -> Place | None:
    to = asked.get("to", "")
    if not to:
        return None
    if to == NEW:
        made = as_field(rtype, asked["new"])
        new_fields.append(made)
        return Place(made.slug, made.label, made)
    if to not in known:
        raise ImportRefused(_("“%(name)s” goes to a field that is not here.") % {"name": asked.get("header", "")})
    return known[to]


def _column(run: ImportRun, index: int, asked: dict[str, Any], place: Place, values: Sequence[str]) -> Column:
    mends = {key.partition(":")[2]: do for key, do in run.mends.items() if key.startswith(f"{index}:")}
    create = bool(asked.get("create")) or mends.get("relation") == "create"
    return Column(index, place, _converter(asked, place, values), dict(asked.get("values", {})), mends, create)


def _converter(asked: dict[str, Any], place: Place, values: Sequence[str]) -> Convert:
    """How texts of this column become what the field reads: decimals and dates in the order that was found or said."""
    kind = place.field.type.name if place.field else place.to
    filled = [value.strip() for value in values if not is_nothing(value.strip())]
    if kind in ("number", "money"):
        comma = asked["comma"] if asked.get("comma") is not None else decimal_comma(filled)
        return lambda text: _number(text, comma=comma)
    if kind in ("date", "datetime", "changed"):
        order = asked.get("order") or date_order(filled) or "ymd"
        return lambda text: _date(text, order=order, day_only=kind == "date")
    return lambda text: text


def _number(text: str, *, comma: bool) -> str:
    words = text.split(" ")
    return (
        " ".join(plain_number(word, comma=comma) for word in words)
        if len(words) > 1 and not text[0].isdigit()
        else (
            plain_number(text, comma=comma)
            if text[-1:].isdigit()
            else " ".join(plain_number(word, comma=comma) for word in words)
        )
    )


def _date(text: str, *, order: str, day_only: bool) -> str:
    plain = plain_date(text, order=order)
    return plain.partition(" ")[0].partition("T")[0] if day_only else plain


def _require_once(columns: list[Column]) -> None:
    seen: set[str] = set()
    for one in columns:
        if one.place.to in seen and not (one.place.takes_many and one.place.part == ""):
            raise ImportRefused(_("Two columns go to “%(label)s”. It takes one.") % {"label": one.place.label})
        seen.add(one.place.to)
