"""A cell as the value of a field: what its text says, in the way that its column is written."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import KEYED, Field, Option
from rapport.engine.records.fields.countries import country_code
from rapport.engine.records.folding import fold
from rapport.engine.records.imports.cells import is_nothing, restored
from rapport.engine.records.imports.compiled import Column, Compiled
from rapport.engine.records.imports.entrytexts import entries_of, further_addresses
from rapport.engine.records.imports.inventing import slug_of

REMEMBERED = 5_000  # texts of a column whose values are kept
TEXTS = frozenset({"text", "long_text"})
CODES = {"addresses": "address"}
UNREAD = object()


class Trouble(Exception):
    """A cell that cannot be read: a code for its group, and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def read_cell(compiled: Compiled, column: Column, raw: str) -> Any:
    """The value of one cell, None where it says nothing; the trouble itself where it cannot be read."""
    value = column.known.get(raw, UNREAD)
    if value is UNREAD:
        try:
            value = _read(compiled, column, raw)
        except Trouble as trouble:
            value = trouble
        if column.repeats and len(column.known) < REMEMBERED:
            column.known[raw] = value
    return value


def _read(compiled: Compiled, column: Column, raw: str) -> Any:
    text = restored(raw.strip())
    text = column.mapped.get(text, text)
    if not text or (column.kind not in TEXTS and is_nothing(text)):
        return None
    to = column.place.field
    if to is None or column.kind in ("relation", "user") or column.place.part == "currency":
        return text
    if column.kind in ("choice", "choices") and (to.custom or column.mends.get("choice") == "create"):
        return _choice(compiled, column, to, text)
    try:
        return _parsed(compiled, column, to, text)
    except Invalid as error:
        code = column.place.part if column.place.part == "country" else CODES.get(column.kind, column.kind.rstrip("s"))
        raise Trouble(code, str(error)) from None


def _parsed(compiled: Compiled, column: Column, to: Field, text: str) -> Any:
    if column.kind == "addresses":
        parts = {"country": country_code, "more": further_addresses}
        return parts[column.place.part](text) if column.place.part in parts else text
    given = column.convert(text)
    if column.kind in KEYED:
        return to.type.parse(entries_of(to.type, given, column.place.kind), to, compiled.reading)
    return to.type.parse(given, to, compiled.reading)


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
