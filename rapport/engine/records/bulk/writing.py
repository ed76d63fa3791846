"""Doing a slice: all its records as one set; where the set is refused, by halves, so that only the culprits stay."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from rapport.engine.events.act import Act
from rapport.engine.records.actions import bring_back, update_records, values_of_change
from rapport.engine.records.bulk.asking import Ask, Deed
from rapport.engine.records.bulk.changes import values_upon
from rapport.engine.records.errors import Invalid, ValidationFailed
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import visible, within_reach
from rapport.engine.records.links import links_of
from rapport.engine.records.quality.confirming import confirm
from rapport.engine.records.reading import reading_for
from rapport.engine.records.refusals import is_refusal, reason_of
from rapport.engine.records.registry import RecordType


@dataclass
class Outcome:
    """What became of a slice: how many records were changed, the same, beyond the actor's reach, gone, or refused."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[UUID, str]] = field(default_factory=list)

    def refuse(self, key: UUID, reason: str) -> None:
        self.counts["refused"] += 1
        self.refused.append((key, reason))

    def add(self, other: "Outcome") -> None:
        self.counts.update(other.counts)
        self.refused += other.refused


def write_slice(act: Act, rtype: RecordType, ask: Ask, keys: Sequence[UUID]) -> Outcome:
    """Do it to these records, as far as they are still there and within the actor's reach."""
    outcome = Outcome()
    rows = _held(act, rtype, ask, keys, outcome)
    for piece in _pieces(rtype, ask, rows):
        _write(act, rtype, ask, piece, outcome)
    return outcome


def touched_unique(rtype: RecordType, ask: Ask) -> list[Field]:
    """The fields in which two records of one set would not see what the other one takes."""
    if ask.deed == Deed.RESTORE:
        return [field for field in rtype.all_fields() if field.unique and field.custom]
    return [one.field for one in ask.changes if one.field.unique and ask.deed == Deed.EDIT]


def _pieces(rtype: RecordType, ask: Ask, rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """All as one set, but for those that must go one after the other."""
    unique = touched_unique(rtype, ask)
    restores = ask.deed == Deed.RESTORE
    alone = [row for row in rows if any(not restores or not f.type.is_empty(f.get(row)) for f in unique)]
    apart = {row.pk for row in alone}
    yield [row for row in rows if row.pk not in apart]
    for row in alone:
        yield [row]


def _held(act: Act, rtype: RecordType, ask: Ask, keys: Sequence[UUID], outcome: Outcome) -> list[Any]:
    """The records, locked, that are still there and that the actor may change at this moment."""
    is_deleted = ask.deed == Deed.RESTORE
    seen = visible(act.actor, rtype, deleted=is_deleted).filter(pk__in=keys)
    rows = act.lock(list(seen.order_by("pk")))
    here = [row for row in rows if row.is_deleted == is_deleted]
    reached = within_reach(act.actor, rtype, ask.verb, seen.filter(pk__in=[row.pk for row in here]))
    allowed = set(reached.values_list("pk", flat=True))
    outcome.counts["gone"] += len(keys) - len(here)
    outcome.counts["beyond"] += len(here) - len(allowed)
    return [row for row in here if row.pk in allowed]


def _write(act: Act, rtype: RecordType, ask: Ask, rows: Sequence[Any], outcome: Outcome) -> None:
    if not rows:
        return
    attempted = Outcome()
    try:
        with act.attempt():
            _DEEDS[ask.deed](act, rtype, ask, rows, attempted)
    except (DatabaseError, ValidationFailed) as error:
        if not is_refusal(error):
            raise
        if len(rows) == 1:
            outcome.refuse(rows[0].pk, reason_of(error))
            return
        act.lock(rows)
        middle = len(rows) // 2
        for half in (rows[:middle], rows[middle:]):
            _write(act, rtype, ask, half, outcome)
        return
    outcome.add(attempted)


def _edit(act: Act, rtype: RecordType, ask: Ask, rows: Sequence[Any], outcome: Outcome) -> None:
    reading, links = reading_for(act.actor), links_of([one.field for one in ask.changes], [row.pk for row in rows])
    changes = []
    for row in rows:
        try:
            values = values_upon(ask.changes, row, links, reading)
            if values:
                changes.append((row, values_of_change(rtype, row, values, reading)))
        except (Invalid, ValidationFailed) as error:
            outcome.refuse(row.pk, reason_of(error))
    versions = {row.pk: row.version for row, _values in changes}
    update_records(act, rtype, changes)
    changed = sum(row.version != versions[row.pk] for row, _values in changes)
    outcome.counts["changed"] += changed
    outcome.counts["same"] += len(rows) - changed - outcome.counts["refused"]


def _delete(act: Act, _rtype: RecordType, _ask: Ask, rows: Sequence[Any], outcome: Outcome) -> None:
    outcome.counts["changed"] += act.delete(rows)


def _restore(act: Act, rtype: RecordType, _ask: Ask, rows: Sequence[Any], outcome: Outcome) -> None:
    bring_back(act, rtype, rows)
    outcome.counts["changed"] += len(rows)


def _confirm(act: Act, rtype: RecordType, ask: Ask, rows: Sequence[Any], outcome: Outcome) -> None:
    confirm(act, rtype, [row.pk for row in rows], [one.field for one in ask.changes])
    outcome.counts["changed"] += len(rows)


_DEEDS: dict[str, Callable[[Act, RecordType, Ask, Sequence[Any], Outcome], None]] = {
    Deed.EDIT: _edit,
    Deed.DELETE: _delete,
    Deed.RESTORE: _restore,
    Deed.CONFIRM: _confirm,
}
