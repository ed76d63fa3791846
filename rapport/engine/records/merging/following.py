"""Everything that pointed at those that go points at the survivor: set by set, in bounded memory."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import In

from rapport.engine.events.act import Act
from rapport.engine.events.keeping import Keeping, keepings
from rapport.engine.events.tables import CHUNK
from rapport.engine.records.merging.choices import Taken
from rapport.engine.records.merging.groups import Group
from rapport.engine.records.merging.references import Reference, references_to
from rapport.engine.records.merging.twins import join_twins
from rapport.engine.records.registry import RecordType

# What other parts do with what they keep of merged records, inside the act: (act, type, survivor, those that went).
followers: list[Callable[[Act, RecordType, UUID, list[UUID]], None]] = []


def follow(act: Act, group: Group, takes: Mapping[str, Taken]) -> None:
    """Lead every reference to the survivor, join what would be the same twice, and let other parts follow."""
    for keeping in keepings.values():
        if keeping.model is group.rtype.model and keeping.name in takes:
            _leave_one(act, group, keeping, takes[keeping.name])
    for reference in references_to(group.rtype):
        join_twins(act, group, reference)
        _lead(act, group, reference)
    for follower in followers:
        follower(act, group.rtype, group.survivor.pk, group.going)


def _leave_one(act: Act, group: Group, keeping: Keeping, taken: Taken) -> None:
    """Of the rows that keep a field of these records, one for each, only that of the chosen record goes on counting."""
    others = [key for key in sorted(group.keys) if key != taken]
    act.change(keeping.ties().filter(Q(In(F(keeping.record), others))), **{keeping.when: False})


def _lead(act: Act, group: Group, reference: Reference) -> None:
    rows = reference.rows(group.rtype, group.going)
    if reference.model is group.rtype.model:
        rows = rows.exclude(pk__in=group.keys)
    if not reference.slug:
        act.change(rows, **{reference.column: group.survivor.pk})
        return
    last: UUID | None = None
    while chunk := _after(rows, last):
        held = act.lock(chunk)
        going = [row for row in held if reference.at(row) in group.going]
        act.change_each((row, reference.filling(row, group.survivor.pk)) for row in going)
        last = chunk[-1].pk


def _after(rows: "QuerySet[Any]", last: UUID | None) -> list[Any]:
    return list((rows if last is None else rows.filter(pk__gt=last)).order_by("pk")[:CHUNK])
