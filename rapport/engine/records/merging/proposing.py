"""Looking before merging: who stays, what it will hold, what follows. Nothing is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import within_reach
from rapport.engine.records.merging.choices import (
    FieldChoice,
    Takes,
    choices_shown,
    fields_of,
    settle_choices,
    values_by_record,
)
from rapport.engine.records.merging.groups import Group, group_of, require_merging
from rapport.engine.records.merging.references import Reference, references_to
from rapport.engine.records.registry import RecordType

COUNTED = 10_000


@dataclass(frozen=True)
class Proposal:
    """What merging would do. `rows` has the survivor first; `follows` are labels and counts, up to 10,000 each."""

    rtype: RecordType
    survivor: Any
    rows: list[Any]
    choices: list[FieldChoice]
    follows: list[tuple[str, int]]
    warnings: list[str]


def propose(
    actor: Actor, rtype: RecordType, rows: Sequence[Any], *, survivor: UUID | None = None, takes: Takes | None = None
) -> Proposal:
    """Suggest how to merge records. Without a survivor the most complete one stays, of several the oldest.

    Raises ValidationFailed and NotAllowed, as merging would.
    """
    first = group_of(rtype, rows, survivor or (rows[0].pk if rows else UUID(int=0)))
    require_merging(actor, rtype, first.survivor.pk, first.going)
    values = values_by_record(first)
    group = first if survivor else _around_the_best(first)
    settled = settle_choices(actor, group, values, takes or {})
    choices = choices_shown(actor, group, values, settled.takes)
    follows = what_follows(actor, group)
    return Proposal(rtype, group.survivor, group.rows, choices, follows, [*settled.warnings, *_warnings(follows)])


def what_follows(actor: Actor, group: Group) -> list[tuple[str, int]]:
    """What points at those that go and will point at the survivor, as far as the actor may see it."""
    counts: Counter[str] = Counter()
    for one in references_to(group.rtype):
        rows = one.rows(group.rtype, group.going).filter(deleted_at=None)
        rows = rows.exclude(pk__in=group.keys) if one.model is group.rtype.model else rows
        if one.rtype is not None:
            rows = within_reach(actor, one.rtype, "read", rows)
        counts[_label(one)] += rows[:COUNTED].count()
    return [(label, min(count, COUNTED)) for label, count in counts.items() if count]


def _around_the_best(group: Group) -> Group:
    values = values_by_record(group)
    fields = fields_of(group.rtype)

    def place(row: Any) -> tuple[Any, ...]:
        said = sum(not one.type.is_empty(values[one.slug][row.pk]) for one in fields)
        return (-said, row.created_at, row.pk)

    best, *others = sorted(group.rows, key=place)
    return Group(group.rtype, best, others)


def _label(reference: Reference) -> str:
    if reference.rtype is not None:
        return str(reference.rtype.label_plural)
    return str(reference.model._meta.verbose_name_plural)


def _warnings(follows: Sequence[tuple[str, int]]) -> list[str]:
    if any(count >= COUNTED for _label, count in follows):
        return [_("Very many records follow, so this may take a minute; until then they cannot be changed.")]
    return []
