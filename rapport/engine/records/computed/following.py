"""Computed fields follow the journal: whatever changes a record, by whichever door, changes what follows from it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rapport.engine.events.act import Act
from rapport.engine.events.ids import read_id
from rapport.engine.events.images import type_name
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.reactions import when
from rapport.engine.events.turns import take_turns
from rapport.engine.records.computed.filling import fill
from rapport.engine.records.computed.graph import Graph, Key, graph
from rapport.engine.records.computed.ways import TooMany, leading_to
from rapport.engine.records.computed.working import TURN, Touched, work_out_all
from rapport.engine.records.definitions import check_again
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.conditions.happened import told_columns
from rapport.engine.records.formulas.inputs import Input
from rapport.engine.records.models import CustomField
from rapport.engine.records.registry import RecordType, by_journal_type
from rapport.engine.records.related import Related


@dataclass
class Changes:
    """What entries say of records of one type: who came, went or came back, which fields of whom were changed, and
    what these pointed at before.
    """

    created: set[UUID] = field(default_factory=set)
    moved: set[UUID] = field(default_factory=set)
    changed: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    pointed: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))


@when("created", "changed", "deleted", "restored", values=False, label=_("Computed fields"))
def keep_computed(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Work out all values that follow from what these entries tell."""
    check_again()
    known = graph()
    if not known.formulas:
        return
    take_turns(TURN)
    touched: Touched = {}
    too_many: set[Key] = set()
    told: dict[str, set[UUID]] = {}
    for name, some in _by_type(entries).items():
        rtype = by_journal_type(name)
        if rtype is not None and (known.of(rtype) or known.uses(rtype)):
            told[rtype.slug] = {entry.about_id for entry in some if entry.about_id}
            too_many |= _touch(known, rtype, _changes(rtype, known.slugs(rtype), some), touched)
    too_many |= work_out_all(touched, told)
    for slug, name in too_many:
        fill.defer_once(f"{slug}.{name}", slug, name)


def _by_type(entries: Iterable[JournalEntry]) -> Mapping[str, list[JournalEntry]]:
    found: dict[str, list[JournalEntry]] = defaultdict(list)
    for entry in entries:
        if entry.about_id:
            found[entry.about_type].append(entry)
    return found


def _changes(rtype: RecordType, slugs: Collection[str], entries: Sequence[JournalEntry]) -> Changes:
    found = Changes()
    with_payloads([entry for entry in entries if entry.kind == "changed"])
    fields = [one for one in (rtype.field(slug) for slug in slugs) if one is not None and not one.computed]
    for entry in entries:
        key = entry.about_id
        assert key is not None
        if entry.kind == "created":
            found.created.add(key)
        elif entry.kind in ("deleted", "restored"):
            found.moved.add(key)
        else:
            _read(rtype, fields, entry, key, found)
    return found


def _read(rtype: RecordType, fields: Iterable[Field], entry: JournalEntry, key: UUID, found: Changes) -> None:
    """Which of the fields an entry says were changed. What was erased may have been any."""
    for one in fields:
        if was_changed(rtype, one, entry.before, entry.after):
            found.changed[one.slug].add(key)
            if one.type.name == "relation" and (was := _pointed(one, entry.before)):
                found.pointed[one.slug].add(was)


def was_changed(rtype: RecordType, field: Field, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a change may have touched a field; one of a generated column, or of which nothing is told, may have."""
    said = before.keys() | after.keys()
    if field.custom and said:
        return bool(_custom(field, before) != _custom(field, after))
    columns = told_columns(rtype, field)
    return not said or not columns or not said.isdisjoint(columns)


def _custom(field: Field, said: Mapping[str, Any]) -> Any:
    return (said.get("custom") or {}).get(field.slug)


def _pointed(field: Field, before: Mapping[str, Any]) -> UUID | None:
    """What a relation led to before a change."""
    if field.custom:
        return read_id(_custom(field, before))
    return read_id(before.get(field.slug if field.through else field.column))


def _touch(known: Graph, rtype: RecordType, changes: Changes, touched: Touched) -> set[Key]:
    """Add to `touched` the records whose formulas use what changed. Returns the formulas with too many of them."""
    too_many: set[Key] = set()
    for formula in known.of(rtype):
        touched.setdefault(formula.key, set()).update(changes.created)
    came = changes.created | changes.moved
    asked = [(slug, keys) for slug, keys in changes.changed.items()] + [("", came)]
    for slug, keys in asked:
        for formula, one in known.following(rtype, slug):
            try:
                found = set(leading_to(one.way, formula.record_type, keys)) if keys else set()
                found |= _left(one, formula.record_type, changes.pointed.get(slug, ()))
            except TooMany:
                too_many.add(formula.key)
            else:
                touched.setdefault(formula.key, set()).update(found)
    return too_many


def _left(one: Input, start: RecordType, keys: Collection[UUID]) -> set[UUID]:
    """The records that lost one which pointed at them, by that relation."""
    step = one.way[-1] if one.way else None
    if not keys or not isinstance(step, Related) or step.field is None or step.field.slug != one.slug:
        return set()
    return set(leading_to(one.way[:-1], start, keys))


@when(
    "created", "changed", "deleted", "restored",
    about=[type_name(CustomField)], replay=True, label=_("Columns of computed fields"),
)  # fmt: skip
def keep_columns(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Have the columns of new formulas made, and those of changed ones filled anew."""
    keys = {one.about_id for one in entries if one.kind != "changed" or "formula" in one.after}
    for slug, name in CustomField.objects.filter(pk__in=keys).exclude(formula="").values_list("record_type", "slug"):
        fill.defer_once(f"{slug}.{name}", slug, name)
