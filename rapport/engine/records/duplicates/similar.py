"""Who is there already: records that look like one that is about to be made, found by indexed keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.records.duplicates.following import mates
from rapport.engine.records.duplicates.kept import Kept, kept
from rapport.engine.records.duplicates.linking.agreeing import Value
from rapport.engine.records.duplicates.linking.guards import THRESHOLD
from rapport.engine.records.duplicates.linking.keys import keys
from rapport.engine.records.duplicates.reading import read_some
from rapport.engine.records.duplicates.shapes import named, shape_of, values_of
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.registry import RecordType

MOST_SHARING = 60  # records of one key: of a more common one none is looked at while somebody waits
MOST_MATES = 300


@dataclass(frozen=True)
class Similar:
    """A record that looks like the values given. `reasons` has, for each field, the answer and its weight in bits."""

    record: Any
    probability: float
    reasons: Mapping[str, Sequence[Any]]


def similar_to(
    actor: Actor, rtype: RecordType, values: Mapping[str, Any], *, besides: UUID | None = None, limit: int = 5
) -> list[Similar]:
    """The records that the actor may see and that look like these values (by field, as stored), likeliest first.

    Fields that the actor does not see are not compared, so that nothing is told of them.
    """
    found = similar_among(actor, rtype, [values])[0]
    return [one for one in found if one.record.pk != besides][:limit]


def similar_among(actor: Actor, rtype: RecordType, many: Sequence[Mapping[str, Any]]) -> list[list[Similar]]:
    """As `similar_to`, for many at once in as few queries."""
    known = _seen_by(actor, rtype)
    if not known.shape.columns:
        return [[] for _values in many]
    rows = [_normal(known, values) for values in many]
    found = _mates(known, rows)
    every = set().union(*found)
    seen = set(visible(actor, rtype).filter(pk__in=every).values_list("pk", flat=True)) if every else set()
    read = read_some(rtype, known.shape, seen)
    scored = [
        {key: score for key in near & seen if key in read and (score := known.model.score(row, read[key].row))}
        for row, near in zip(rows, found, strict=True)
    ]
    alike = [{key: one for key, one in some.items() if one.probability >= THRESHOLD} for some in scored]
    records = rtype.rows().in_bulk({key for some in alike for key in some})
    return [
        [
            Similar(records[key], one.probability, named(one.reasons, known.shape))
            for key, one in sorted(some.items(), key=lambda pair: (-pair[1].probability, pair[0]))
            if key in records
        ]
        for some in alike
    ]


def _seen_by(actor: Actor, rtype: RecordType) -> Kept:
    """The weights in force, for the fields that an actor sees."""
    known = kept(rtype)
    hidden = mask(actor, rtype).hidden
    if not hidden:
        return known
    shape = shape_of(rtype, besides=hidden)
    return Kept(rtype, shape, known.model.seeing(shape), known.sharing)


def _normal(known: Kept, values: Mapping[str, Any]) -> Mapping[str, Value]:
    return known.shape.normal(values_of(known.rtype, known.shape, lambda field: values.get(field.slug)))


def _mates(known: Kept, rows: Sequence[Mapping[str, Value]]) -> list[set[UUID]]:
    """For each row the records that share a key with it, those of rare keys first."""
    wanted = [[one for one in keys(row) if one not in known.model.common] for row in rows]
    every = {key for some in wanted for key in some}
    by_key = mates(known.rtype, every, sharing=min(known.sharing, MOST_SHARING))
    found = []
    for some in wanted:
        near: set[UUID] = set()
        for group in sorted((by_key[key] for key in some if key in by_key), key=len):
            if len(near) + len(group) > MOST_MATES:
                break
            near.update(group)
        found.append(near)
    return found
