"""A row onto a record that is there: what it fills, where both say something else, and which rule decides."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.fields import LISTS, Field
from rapport.engine.records.imports.compiled import Compiled
from rapport.engine.records.imports.rows import Read
from rapport.engine.records.links import Links, held
from rapport.engine.records.models import Fate, ImportRun
from rapport.engine.records.values import Values, complete

RULES = ("overwrite", "fill", "append", "newest")


@dataclass
class Difference:
    """What a row would add to a record, and where it says something else than the record."""

    fills: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)

    @property
    def fate(self) -> str:
        return Fate.CONFLICT if self.differs else Fate.UPDATE if self.fills else Fate.SAME


def compare(compiled: Compiled, record: Any, links: Links, row: Read) -> Difference:
    """How a row and a record differ."""
    found = Difference()
    for slug, value in row.values.items():
        to = compiled.field(slug)
        if to is None or slug not in compiled.fields:
            continue
        old = held(to, record, links)
        if to.type.is_empty(old) or (to.type.name == "bool" and old != value):
            if old != value:
                found.fills.append(slug)
        elif to.type.name in LISTS:
            if _added(to, old, value):
                found.fills.append(slug)
        elif not _same(old, value):
            found.differs.append(slug)
    # What is named has not been found: it will be made, or stands further down in the file.
    for slug in row.named.keys() & compiled.fields.keys():
        old = held(compiled.fields[slug], record, links)
        (found.fills if compiled.fields[slug].type.is_empty(old) else found.differs).append(slug)
    return found


def merged(run: ImportRun, compiled: Compiled, record: Any, links: Links, row: Read) -> Values:
    """The values to write on a record, by the rule of each field."""
    values: Values = {}
    newer = _is_newer(run, record, row)
    for slug, value in row.values.items():
        to = compiled.field(slug)
        if to is None or slug not in compiled.fields:
            continue
        old = held(to, record, links)
        becomes = _by_rule(to, old, value, _rule(run, to, newer))
        if becomes is not None and not _same(old, becomes):
            values[slug] = becomes
    return values


def pointed(run: ImportRun, to: Field, record: Any, target: UUID, row: Read) -> Values:
    """What to write so that a record points at another of its own type, by the rule of the field."""
    old = to.get(record)
    becomes = _by_rule(to, old, target, _rule(run, to, _is_newer(run, record, row)))
    return {} if becomes is None or becomes == old else {to.slug: becomes}


def takes(run: ImportRun, compiled: Compiled, record: Any | None, links: Links, row: Read, to: Field) -> bool:
    """Whether a record, None for one that is still to be made, would take what the row has for a field."""
    if record is None:
        return compiled.mode != "update"
    if compiled.mode == "create":
        return False
    return to.type.is_empty(held(to, record, links)) or _rule(run, to, _is_newer(run, record, row)) == "overwrite"


def completed(compiled: Compiled, record: Any, values: Values) -> Values:
    """What would be written, for rules to judge; that a row cannot be completed is found out by writing it."""
    try:
        return complete(compiled.rtype, record, values)
    except ValidationFailed:
        return values


def default_rule(run: ImportRun, to: Field) -> str:
    """Lists grow; of single values what the run says for all, which is to fill blanks unless said otherwise."""
    return "append" if to.type.name in LISTS else run.options.get("rule", "fill")


def rules_for(to: Field) -> tuple[str, ...]:
    """The rules that make sense for a field."""
    growing = to.type.name in LISTS or to.type.name == "long_text"
    return RULES if growing else tuple(rule for rule in RULES if rule != "append")


def _rule(run: ImportRun, to: Field, newer: bool) -> str:
    rule = run.rule(to.slug, default_rule(run, to))
    if rule == "newest":
        return "overwrite" if newer else "fill"
    return rule


def _by_rule(to: Field, old: Any, new: Any, rule: str) -> Any:
    """The value that a rule gives; None leaves what is there."""
    if to.type.is_empty(old):
        return new
    if rule == "overwrite":
        return to.type.replacing(old, new)
    if rule == "append" and to.type.name in LISTS:
        added = _added(to, old, new)
        return [*old, *(one | {"primary": False} if isinstance(one, dict) else one for one in added)] if added else None
    if rule == "append" and to.type.name == "long_text":
        return None if new in old else f"{old}\n{new}"
    # A yes that is there was said by somebody; a no may only be what nobody has said yet.
    return new if to.type.name == "bool" and old is False and rule == "fill" else None


def _added(to: Field, old: Sequence[Any], new: Sequence[Any]) -> list[Any]:
    """Entries of a row that a record does not have."""
    value_of = getattr(to.type, "value_of", None)
    if value_of is None:
        return [one for one in new if one not in old]
    known = {value_of(one) for one in old}
    return [one for one in new if value_of(one) not in known]


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, dict) and isinstance(new, dict) and "amount" in old:
        return bool(old["amount"] == new["amount"] and old["currency"] == new["currency"])
    return bool(old == new)


def _is_newer(run: ImportRun, record: Any, row: Read) -> bool:
    """Whether the file knows better: by its column for the last change, else by when the file was sent."""
    moment: datetime = row.changed or run.created_at
    return bool(moment > record.changed_at)
