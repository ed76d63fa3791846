"""What an inbox of duplicates asks: clusters that somebody may see, why, how the last scan went, and what is set."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.duplicates.jobs import ask_for_scan
from rapport.engine.records.duplicates.kept import kept as kept_model
from rapport.engine.records.duplicates.linking.guards import THRESHOLD
from rapport.engine.records.duplicates.reading import read_some
from rapport.engine.records.duplicates.settings import merges_certain, set_merging
from rapport.engine.records.duplicates.shapes import named, shape_of
from rapport.engine.records.duplicates.unlike import follow_merge, not_the_same
from rapport.engine.records.gate import mask, require, visible
from rapport.engine.records.models import DuplicateCluster, DuplicatePair, DuplicateScan
from rapport.engine.records.registry import RecordType

PAGE = 25
MOST_COUNTED = 1_000
LOOKED_AT = 200  # clusters that are read at once while looking for those that somebody sees
MOST_LOOKED_AT = 10_000

__all__ = [
    "Cluster", "Clusters", "Likeness", "ScanState", "ask_for_scan", "clusters_for",
    "count_clusters", "finds_duplicates", "follow_merge", "merges_certain", "not_the_same", "request_scan",
    "scan_state", "set_merging",
]  # fmt: skip


@dataclass(frozen=True)
class Likeness:
    """A pair within a cluster. `reasons` has, for each field that the actor sees, the answer and its weight in bits."""

    one: UUID
    other: UUID
    probability: float
    reasons: Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Cluster:
    """Records that look like one, those that the actor sees, oldest first; `score` is that of their weakest link."""

    id: int
    score: float
    records: Sequence[Any]
    pairs: Sequence[Likeness]


@dataclass(frozen=True)
class Clusters:
    """Some clusters, strongest first, and the cursor of the next ones, empty for none."""

    items: Sequence[Cluster]
    next: str


@dataclass(frozen=True)
class ScanState:
    """The last scan: when, of how many records, and in `figures` what was learned, usual and skipped."""

    begun_at: datetime | None
    ended_at: datetime | None
    records: int
    pairs: int
    clusters: int
    figures: Mapping[str, Any]


def finds_duplicates(rtype: RecordType) -> bool:
    """Whether records of a type can be compared at all."""
    return bool(shape_of(rtype).columns)


def clusters_for(actor: Actor, rtype: RecordType, *, cursor: str = "", limit: int = PAGE) -> Clusters:
    """Clusters of which the actor sees two records or more, strongest first."""
    require(actor, rtype, "read")
    shown: list[tuple[DuplicateCluster, list[Any]]] = []
    for row, seen in _seen(actor, rtype, cursor):
        if len(shown) == limit:
            return Clusters(_filled(actor, rtype, shown), _cursor(shown[-1][0]))
        shown.append((row, seen))
    return Clusters(_filled(actor, rtype, shown), "")


def count_clusters(actor: Actor, rtype: RecordType, *, most: int = MOST_COUNTED) -> int:
    """How many clusters the actor would be shown, at most so many."""
    require(actor, rtype, "read")
    return sum(1 for _cluster, _at in zip(_seen(actor, rtype, ""), range(most), strict=False))


def scan_state(rtype: RecordType) -> ScanState | None:
    """How the last scan of a type went; None before the first."""
    row = DuplicateScan.objects.filter(pk=rtype.slug).first()
    return (
        None
        if row is None
        else ScanState(row.begun_at, row.ended_at, row.records, row.pairs, row.clusters, row.figures)
    )


def request_scan(actor: Actor, rtype: RecordType) -> None:
    """Have a type searched in the background. Administrators only."""
    if not actor.is_admin:
        raise NotAllowed
    ask_for_scan(rtype.slug)


def _seen(actor: Actor, rtype: RecordType, cursor: str) -> Iterator[tuple[DuplicateCluster, list[Any]]]:
    """Clusters after a cursor, each with the ids of its records that the actor sees, of which there are two."""
    after = _read_cursor(cursor)
    for _some in range(MOST_LOOKED_AT // LOOKED_AT):
        rows = list(_after(rtype, after))
        keys = {key for row in rows for key in row.members}
        seen = set(visible(actor, rtype).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
        for row in rows:
            if len(left := [key for key in row.members if key in seen]) > 1:
                yield row, left
        if len(rows) < LOOKED_AT:
            return
        after = (rows[-1].score, rows[-1].pk)


def _after(rtype: RecordType, after: tuple[float, int] | None) -> Any:
    from django.db.models import Q

    rows = DuplicateCluster.objects.filter(record_type=rtype.slug)
    if after:
        score, key = after
        rows = rows.filter(Q(score__lt=score) | Q(score=score, pk__gt=key))
    return rows.order_by("-score", "pk")[:LOOKED_AT]


def _filled(actor: Actor, rtype: RecordType, shown: Sequence[tuple[DuplicateCluster, list[Any]]]) -> list[Cluster]:
    keys = {key for _row, seen in shown for key in seen}
    records = visible(actor, rtype).in_bulk(list(keys))
    rows = DuplicatePair.objects.filter(record_type=rtype.slug, one__in=keys, other__in=keys)
    found = [Likeness(row.one, row.other, row.probability, row.reasons) for row in rows]
    hidden = mask(actor, rtype).hidden & {column.name.partition(".")[0] for column in shape_of(rtype).columns}
    if hidden:
        found = _seen_without(rtype, hidden, found)
    pairs: dict[UUID, list[Likeness]] = {}
    for one in found:
        pairs.setdefault(one.one, []).append(one)
    made = []
    for row, seen in shown:
        inner = [one for key in seen for one in pairs.get(key, ()) if one.other in seen]
        known = {key for one in inner for key in (one.one, one.other)} if hidden else set(seen)
        kept = sorted((records[key] for key in known if key in records), key=lambda one: (one.created_at, one.pk))
        score = min((one.probability for one in inner), default=row.score) if hidden else row.score
        if len(kept) > 1:
            made.append(Cluster(row.pk, score, kept, inner))
    return made


def _seen_without(rtype: RecordType, hidden: Collection[str], pairs: Sequence[Likeness]) -> list[Likeness]:
    """The pairs that look like one by the other fields alone: nothing is told of what somebody does not see."""
    known, shape = kept_model(rtype), shape_of(rtype, besides=hidden)
    model = known.model.seeing(shape)
    rows = read_some(rtype, shape, {key for one in pairs for key in (one.one, one.other)}) if shape.columns else {}
    found = []
    for one in pairs:
        if one.one in rows and one.other in rows:
            scored = model.score(rows[one.one].row, rows[one.other].row)
            if scored.probability >= THRESHOLD:
                found.append(Likeness(one.one, one.other, scored.probability, named(scored.reasons, shape)))
    return found


def _cursor(row: DuplicateCluster) -> str:
    return f"{row.score!r}:{row.pk}"


def _read_cursor(text: str) -> tuple[float, int] | None:
    score, _colon, key = text.partition(":")
    try:
        return (float(score), int(key)) if text else None
    except ValueError:
        return None
