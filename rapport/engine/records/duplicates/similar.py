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
    known, row = _asked(actor, rtype, values)
    if row is None:
        return []
    found = _mates(known, row) - {besides}
    seen = set(visible(actor, rtype).filter(pk__in=found).values_list("pk", flat=True)) if found else set()
    scored = [(known.model.score(row, one.row), one.id) for one in read_some(rtype, known.shape, seen).values()]
    best = sorted(
        (one for one in scored if one[0].probability >= THRESHOLD), key=lambda one: (-one[0].probability, one[1])
    )
    rows = rtype.rows().in_bulk([key for _scored, key in best[:limit]])
    return [
        Similar(rows[key], one.probability, named(one.reasons, known.shape)) for one, key in best[:limit] if key in rows
    ]


def _asked(actor: Actor, rtype: RecordType, values: Mapping[str, Any]) -> tuple[Kept, Mapping[str, Value] | None]:
    known = kept(rtype)
    hidden = mask(actor, rtype).hidden
    if hidden:
        shape = shape_of(rtype, besides=hidden)
        known = Kept(rtype, shape, known.model.seeing(shape), known.sharing)
    if not known.shape.columns:
        return known, None
    return known, known.shape.normal(values_of(rtype, known.shape, lambda field: values.get(field.slug)))


def _mates(known: Kept, row: Mapping[str, Value]) -> set[UUID | None]:
    wanted = [one for one in keys(row) if one not in known.model.common]
    by_key = mates(known.rtype, wanted, sharing=min(known.sharing, MOST_SHARING))
    found: set[UUID | None] = set()
    for some in sorted(by_key.values(), key=len):
        if len(found) + len(some) > MOST_MATES:
            break
        found.update(some)
    return found
