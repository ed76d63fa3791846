"""A run's columns made ready to read rows with: one reader for each column that goes somewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Field, Option, Reading
from rapport.engine.records.folding import fold
from rapport.engine.records.imports.cells import (
    date_order,
    decimal_comma,
    is_nothing,
    plain_date,
    plain_number,
    restored,
)
from rapport.engine.records.imports.entrytexts import entries_of
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.inventing import as_field, slug_of
from rapport.engine.records.imports.places import NEW, Place, places
from rapport.engine.records.models import ImportRun
from rapport.engine.records.reading import reading_for
from rapport.engine.records.registry import RecordType

REMEMBERED = 5_000  # texts of a column whose values are kept
REPEATING = frozenset({"choice", "choices", "bool", "date", "number", "text_country", "tags", "datetime", "money"})
TEXTS = frozenset({"text", "long_text"})

Convert = Callable[[str], str]


class Trouble(Exception):
    """A cell that cannot be read: a code for its group, and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass
class Column:
    """One column on its way into a place."""

    index: int
    place: Place
    convert: Convert
    mapped: dict[str, str]
    mends: dict[str, str]
    create: bool = False
    known: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def kind(self) -> str:
        """The type of the field, or the place itself where there is no field."""
        return self.place.field.type.name if self.place.field else self.place.to


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

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every field that is filled, by slug; those that follow from others are in the record type."""
        return {one.place.field.slug: one.place.field for one in self.columns if one.place.field}

    def field(self, slug: str) -> Field | None:
        return self.rtype.field(slug) or next((one for one in self.new_fields if one.slug == slug), None)


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
    if not columns:
        raise ImportRefused(_("No column goes anywhere. Choose at least one."))
    reading = reading_for(actor)
    options = {slug: dict(some) for slug, some in run.found.get("new_options", {}).items()}
    match = [word for word in str(run.options.get("match", "")).split("+") if word]
    mode, source = run.options.get("mode", "upsert"), run.options.get("source", "")
    return Compiled(rtype, actor, reading, columns, new_fields, options, match, mode, source)


def read_cell(compiled: Compiled, column: Column, raw: str) -> Any:
    """The value of one cell, None where it says nothing. Raises Trouble."""
    text = restored(raw.strip())
    text = column.mapped.get(text, text)
    if not text or (column.kind not in TEXTS and is_nothing(text)):
        return None
    if text in column.known:
        value = column.known[text]
        if isinstance(value, Trouble):
            raise value
        return value
    try:
        value = _read(compiled, column, text)
    except Trouble as trouble:
        value = trouble
    if len(column.known) < REMEMBERED and (column.kind in REPEATING or column.place.part in ("country", "currency")):
        column.known[text] = value
    if isinstance(value, Trouble):
        raise value
    return value


def _read(compiled: Compiled, column: Column, text: str) -> Any:
    to = column.place.field
    if to is None or column.kind in ("relation", "user", "addresses"):
        return text
    if column.kind in ("choice", "choices") and (to.custom or column.mends.get("choice") == "create"):
        return _choice(compiled, column, to, text)
    if column.place.part == "currency":
        return text
    given: Any = column.convert(text)
    try:
        if column.kind in ("emails", "phones", "links", "domains"):
            given = entries_of(to.type, given, column.place.kind)
        return to.type.parse(given, to, compiled.reading)
    except Invalid as error:
        raise Trouble(column.kind.rstrip("s") if column.kind != "addresses" else "address", str(error)) from None


def _choice(compiled: Compiled, column: Column, to: Field, text: str) -> Any:
    """A choice that may be a new one: where the field is made on the spot, or somebody said so for the group."""
    texts = [text] if column.kind == "choice" else [part.strip() for part in text.split(";") if part.strip()]
    is_new_field = to in compiled.new_fields
    values = []
    for one in texts:
        found = next((option for option in to.options if fold(one) in (fold(option.value), fold(option.label))), None)
        if found is None and not is_new_field and column.mends.get("choice") != "create":
            known = ", ".join(option.label for option in to.options[:12])
            raise Trouble("choice", _("“%(value)s” is not one of: %(known)s.") % {"value": one[:80], "known": known})
        values.append(found.value if found else _new_option(compiled, to, one).value)
    return values[0] if column.kind == "choice" else values


def _new_option(compiled: Compiled, to: Field, label: str) -> Option:
    """Remember an option that the run will make first of all."""
    made = compiled.new_options.setdefault(to.slug, {})
    for value, known in made.items():
        if fold(known) == fold(label):
            return Option(value, known)
    value = stem = slug_of(label) or "option"
    number = 2
    while value in made or to.option(value):
        value, number = f"{stem}_{number}", number + 1
    made[value] = label[:100]
    return Option(value, label)


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
