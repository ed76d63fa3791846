"""Whom something about records concerns: those who follow them, who may see them, and who look at them just now."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rapport.engine.collaboration.following import Level, usual_levels
from rapport.engine.collaboration.models import Follow
from rapport.engine.collaboration.presence import present_at
from rapport.engine.events.actor import Actor
from rapport.engine.records.gate.readers import readers
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.sharing import actors_of

HEARS_WHAT_MATTERS = frozenset({Level.ALL, Level.IMPORTANT})
Key = tuple[str, UUID]


@dataclass
class Following:
    """A record with what its followers hear: as they said, else as is usual. `once` are all who ever said anything."""

    rtype: RecordType
    row: Any
    levels: dict[UUID, str]
    said: dict[UUID, str] = field(default_factory=dict)
    once: set[UUID] = field(default_factory=set)

    def hear(self, *, is_important: bool) -> set[UUID]:
        """Those who want to hear of this."""
        wanted = HEARS_WHAT_MATTERS if is_important else {Level.ALL}
        return {user for user, level in self.levels.items() if level in wanted}


def followings(records: Iterable[Key]) -> dict[Key, Following]:
    """Records, deleted ones too, with who follows them: two queries for each type."""
    by_type: dict[str, set[UUID]] = defaultdict(set)
    for slug, key in records:
        by_type[slug].add(key)
    found: dict[Key, Following] = {}
    for slug, keys in by_type.items():
        rtype = record_type(slug)
        for row in rtype.rows().filter(pk__in=keys):
            found[slug, row.pk] = Following(rtype, row, usual_levels(rtype, row))
        for one in Follow.objects.filter(record_type=slug, record_id__in=keys):
            if (following := found.get((slug, one.record_id))) is not None:
                following.once.add(one.user_id)
                if not one.is_deleted:
                    following.said[one.user_id] = following.levels[one.user_id] = one.level
    return found


@dataclass
class Audience:
    """Of those whom something concerns: who may see each record, and who looks at it at this moment."""

    seeing: Mapping[Key, set[UUID]]
    looking: Mapping[Key, set[UUID]]


def audience(concerned: Mapping[Key, set[UUID]], records: Mapping[Key, Following]) -> Audience:
    """Ask the gate about all of them at once."""
    actors = actors_of(set[UUID]().union(*concerned.values())) if concerned else {}
    seeing: dict[Key, set[UUID]] = {}
    for slug in sorted({slug for slug, _key in concerned}):
        rows = [records[key].row for key in concerned if key[0] == slug]
        wanted = {key: users for (one, key), users in concerned.items() if one == slug}
        seeing |= _seeing(record_type(slug), rows, wanted, actors)
    return Audience(seeing, present_at(concerned) if actors else defaultdict(set))


def _seeing(
    rtype: RecordType, rows: Collection[Any], wanted: Mapping[UUID, set[UUID]], actors: Mapping[UUID, Actor]
) -> dict[Key, set[UUID]]:
    return {(rtype.slug, key): users for key, users in readers(rtype, rows, wanted, actors).items()}
