"""Rows of cells into values: read, checked and completed, with what is wrong in them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid, ValidationFailed
from rapport.engine.records.fields import KEYED, Field
from rapport.engine.records.folding import fold
from rapport.engine.records.imports.cellvalues import Trouble, read_cell
from rapport.engine.records.imports.compiled import ROW, Column, Compiled
from rapport.engine.records.imports.places import CHANGED, EXTERNAL_ID, ID
from rapport.engine.records.imports.pointers import Pointers, self_relation
from rapport.engine.records.links import Links
from rapport.engine.records.rules.reading import may_hide
from rapport.engine.records.values import Values


@dataclass(slots=True)
class Problem:
    """Something wrong with a cell, or with column -1 with the row."""

    n: int
    col: int
    code: str
    value: str
    message: str


@dataclass(slots=True)
class Read:
    """A row as it was read. `named` are relations to be found or made by the run: slug → text."""

    n: int
    values: Values = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    external_id: str = ""
    id: str = ""
    changed: datetime | None = None
    problems: list[Problem] = field(default_factory=list)
    is_skipped: bool = False
    key: str | None = None


def read_row(compiled: Compiled, pointers: Pointers, n: int, cells: Sequence[str]) -> Read:
    """Read all cells of a row; nothing raises, problems are noted."""
    row = Read(n)
    addresses: dict[str, dict[str, str]] = {}
    width = len(cells)
    for column in compiled.columns:
        raw = cells[column.index] if column.index < width else ""
        value = read_cell(compiled, column, raw) if raw else None
        if value is None:
            continue
        if isinstance(value, Trouble):
            _note(row, column, value, raw)
        elif column.fills:
            row.values[column.fills] = value
        elif column.kind == "addresses":
            _put_address_part(column, value, addresses)
        else:
            try:
                _put(compiled, pointers, row, column, value)
            except Trouble as trouble:
                _note(row, column, trouble, raw)
    if addresses:
        _put_addresses(compiled, row, addresses)
    row.key = key_of(compiled, row)
    return row


def complete_new(compiled: Compiled, row: Read, required: Sequence[Field], defaults: Values) -> None:
    """What a new record needs besides: what follows from the values, defaults, and what may not be empty."""
    try:
        if compiled.rtype.complete:
            row.values = compiled.rtype.complete(None, row.values)
    except ValidationFailed as error:
        row.problems += [Problem(row.n, ROW, "needed", "", text) for text in error.errors.values()]
    for slug, value in defaults.items():
        row.values.setdefault(slug, value)
    for one in required:
        if one.type.is_empty(row.values.get(one.slug)) and one.slug not in row.named:
            message = _("“%(label)s” cannot be empty.") % {"label": one.label}
            row.problems.append(Problem(row.n, ROW, "needed", str(one.label), message))
    if compiled.judge:
        for slug, text in compiled.judge.wrong_with_new(row.values, besides=row.named).items():
            _refuse(compiled, row, slug, "needed", text)


def judge_change(compiled: Compiled, row: Read, record: Any, values: Values, links: Links) -> None:
    """Note what rules forbid of the values that a row would write on a record, or settle it as somebody said."""
    for slug, text in wrong_with(compiled, record, values, links).items():
        is_locked = compiled.judge is not None and slug in compiled.judge.rules.may_lock & values.keys()
        _refuse(compiled, row, slug, "locked" if is_locked else "needed", text)


def wrong_with(compiled: Compiled, record: Any, values: Values, links: Links) -> dict[str, str]:
    """What rules forbid of a change, by field."""
    if compiled.judge is None or not values:
        return {}
    known = {slug: pointed.get(record.pk) for slug, pointed in links.items()}
    return compiled.judge.wrong_with_change(record, values, known)


def _refuse(compiled: Compiled, row: Read, slug: str, code: str, text: str) -> None:
    at = compiled.column_of(slug)
    mend = next((one.mends.get(code) for one in compiled.columns if one.index == at), None)
    if mend == "skip":
        row.is_skipped = True
    elif mend == "empty":
        row.values.pop(slug, None)
    else:
        row.problems.append(Problem(row.n, at, code, "", text))


def needs(compiled: Compiled) -> tuple[list[Field], Values]:
    """The fields that a new record must fill, and the defaults of the others."""
    every = [*compiled.rtype.all_fields(), *compiled.new_fields]
    defaults = {
        one.slug: one.type.parse(one.default, one, compiled.reading) for one in every if one.default is not None
    }
    hidden_at_times = may_hide(compiled.rtype)
    return [one for one in every if one.required and one.slug not in hidden_at_times], defaults


def key_of(compiled: Compiled, row: Read) -> str | None:
    """What a row is found by: the first of the ways to match for which it has a value, as `slug:value`."""
    for way in compiled.match:
        if way == ID and row.id:
            return f"{ID}:{row.id}"
        if way == EXTERNAL_ID and row.external_id:
            return f"{EXTERNAL_ID}:{row.external_id}"
        to = compiled.field(way)
        value: Any = row.values.get(way) if to else None
        if to is None or to.type.is_empty(value):
            continue
        if to.type.name in KEYED:
            return f"{way}:{to.type.value_of(value[0])}"  # type: ignore[attr-defined]  # lists of entries have it
        if way == compiled.rtype.title:
            return f"{way}:{fold(str(value))}"
        return f"{way}:{to.type.to_custom(value)}"
    return None


def _put(compiled: Compiled, pointers: Pointers, row: Read, column: Column, value: Any) -> None:
    to = column.place.field
    if to is None:
        _put_special(compiled, row, column, str(value))
    elif column.kind in ("relation", "user"):
        _point(compiled, pointers, row, column, str(value))
    elif column.place.part == "currency":
        _put_currency(compiled, row, to, str(value))
    elif column.kind in KEYED:
        row.values[to.slug] = _joined(to, row.values.get(to.slug), value)
    else:
        row.values[to.slug] = list(dict.fromkeys([*row.values.get(to.slug, []), *value]))


def _put_currency(compiled: Compiled, row: Read, to: Field, currency: str) -> None:
    money = row.values.get(to.slug)
    if not money:
        return
    try:
        row.values[to.slug] = to.type.parse({"amount": money["amount"], "currency": currency}, to, compiled.reading)
    except Invalid as error:
        raise Trouble("money", str(error)) from None


def _put_special(compiled: Compiled, row: Read, column: Column, text: str) -> None:
    if column.place.to == EXTERNAL_ID:
        if len(text) > 200:
            raise Trouble("id", _("“%(value)s…” is too long for an id; at most 200 characters.") % {"value": text[:40]})
        row.external_id = text
    elif column.place.to == ID:
        row.id = text.lower()
    elif column.place.to == CHANGED:
        try:
            moment = datetime.fromisoformat(column.convert(text))
        except ValueError:
            raise Trouble("datetime", _("“%(value)s” is not a time.") % {"value": text[:80]}) from None
        row.changed = moment if moment.tzinfo else moment.replace(tzinfo=compiled.reading.zone or UTC)


def _put_address_part(column: Column, value: Any, addresses: dict[str, dict[str, str]]) -> None:
    if column.place.part == "more":
        addresses |= {f"~{index}": one for index, one in enumerate(value)}
    else:
        addresses.setdefault(column.place.kind, {})[column.place.part] = value


def _put_addresses(compiled: Compiled, row: Read, addresses: dict[str, dict[str, str]]) -> None:
    to = next(one for one in compiled.fields.values() if one.type.name == "addresses")
    given = [
        {**parts, "kind": parts.get("kind") or ("" if kind.startswith("~") else kind)}
        for kind, parts in addresses.items()
    ]
    try:
        row.values[to.slug] = to.type.parse(given, to, compiled.reading)
    except Invalid as error:
        column = next(one.index for one in compiled.columns if one.place.field is to)
        row.problems.append(Problem(row.n, column, "address", "", str(error)))


def _point(compiled: Compiled, pointers: Pointers, row: Read, column: Column, text: str) -> None:
    to = column.place.field
    assert to is not None
    found = pointers.find(to, text)
    if found is not None:
        row.values[to.slug] = found
    elif to.type.name == "user":
        message = _("Nobody here is called “%(value)s” or has this address.") % {"value": text[:80]}
        raise Trouble("user", message)
    elif column.create or self_relation(compiled.rtype, to):
        row.named[to.slug] = text[:500]
    else:
        raise Trouble("relation", pointers.missing(to, text))


def _joined(to: Field, before: Any, more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries of several columns: the first of all is the primary one, and each value stands once."""
    if not before:
        return more
    seen = {to.type.value_of(one) for one in before}  # type: ignore[attr-defined]  # lists of entries have it
    added = [one | {"primary": False} for one in more if to.type.value_of(one) not in seen]  # type: ignore[attr-defined]  # as above
    return [*before, *added]


def _note(row: Read, column: Column, trouble: Trouble, raw: str) -> None:
    mend = column.mends.get(trouble.code)
    if mend == "skip":
        row.is_skipped = True
    elif mend != "empty":
        row.problems.append(Problem(row.n, column.index, trouble.code, raw.strip()[:300], trouble.message))
