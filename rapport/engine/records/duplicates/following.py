"""Following changes: a record that came or changed is compared with those that share a key, by the kept weights."""

from collections.abc import Collection, Iterable, Sequence
from itertools import combinations
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from rapport.engine.records.duplicates.kept import Kept, kept
from rapport.engine.records.duplicates.linking.grouping import clusters
from rapport.engine.records.duplicates.linking.guards import THRESHOLD
from rapport.engine.records.duplicates.linking.keys import keys
from rapport.engine.records.duplicates.linking.link import LARGEST_FILLED
from rapport.engine.records.duplicates.reading import Known, read_some
from rapport.engine.records.duplicates.said import unlike
from rapport.engine.records.duplicates.shapes import named
from rapport.engine.records.models import DuplicateCluster, DuplicateKey, DuplicatePair
from rapport.engine.records.registry import RecordType

AT_ONCE = 100
MOST_MEMBERS = 300  # records that chains of pairs connect, of which more are left to the next scan
KEEP = """
INSERT INTO duplicate_key (record_id, record_type, version, keys) VALUES (%s, %s, %s, %s)
ON CONFLICT (record_id) DO UPDATE SET version = excluded.version, keys = excluded.keys
"""
# A key that too many share is passed over, as scans pass over it: one more than the most is enough to know.
MATES = """
SELECT asked.key, mates.found FROM unnest(%s::bigint[]) AS asked(key), LATERAL (
    SELECT array_agg(record_id) AS found FROM (
        SELECT record_id FROM duplicate_key WHERE keys @> ARRAY[asked.key] AND record_type = %s LIMIT %s
    ) AS few
) AS mates
"""
Pair = tuple[UUID, UUID]


def follow(rtype: RecordType, changed: Collection[UUID]) -> None:
    """Bring keys, pairs and clusters of these records up to date, gone ones included."""
    known = kept(rtype)
    if not known.shape.columns:
        return
    listed = sorted(changed)
    for start in range(0, len(listed), AT_ONCE):
        _follow(known, listed[start : start + AT_ONCE])


def settle_clusters(rtype: RecordType, about: Iterable[UUID]) -> None:
    """Make the clusters anew that these records are in, or could be in by their pairs."""
    with transaction.atomic():
        _settle(kept(rtype), set(about))


def mates(rtype: RecordType, wanted: Collection[int], *, sharing: int) -> dict[int, list[UUID]]:
    """The records of each key, of keys that at most `sharing` others have."""
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(MATES, [list(wanted), rtype.slug, sharing + 1])
        return {key: found for key, found in cursor.fetchall() if found and len(found) <= sharing}


def _follow(known: Kept, some: Sequence[UUID]) -> None:
    rtype = known.rtype
    rows = read_some(rtype, known.shape, some)
    made = {key: [one for one in keys(row.row) if one not in known.model.common] for key, row in rows.items()}
    _write_keys(rtype, rows, made, gone=set(some) - rows.keys())
    near = mates(rtype, {one for found in made.values() for one in found}, sharing=known.sharing)
    wanted = {
        _pair(key, mate) for key, found in made.items() for one in found for mate in near.get(one, ()) if mate != key
    }
    before = _partners(rtype, some)
    others = read_some(rtype, known.shape, {key for pair in wanted for key in pair} - rows.keys())
    rows |= others
    DuplicatePair.objects.filter(Q(one__in=some) | Q(other__in=some), record_type=rtype.slug).delete()
    found = []
    for one, other in sorted(wanted):
        if one in rows and other in rows:
            scored = known.model.score(rows[one].row, rows[other].row)
            if scored.probability >= THRESHOLD:
                found.append(
                    DuplicatePair(
                        record_type=rtype.slug,
                        one=one,
                        other=other,
                        probability=scored.probability,
                        reasons=named(scored.reasons, known.shape),
                    )
                )
    DuplicatePair.objects.bulk_create(found, ignore_conflicts=True)
    _settle(known, {*some, *before})


def _write_keys(rtype: RecordType, rows: dict[UUID, Known], made: dict[UUID, list[int]], *, gone: set[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(KEEP, [(key, rtype.slug, row.version, made[key]) for key, row in sorted(rows.items())])
    DuplicateKey.objects.filter(pk__in=gone).delete()


def _partners(rtype: RecordType, some: Collection[UUID]) -> set[UUID]:
    """Who is in one cluster with these records now."""
    rows = DuplicateCluster.objects.filter(record_type=rtype.slug, members__overlap=list(some))
    return {key for members in rows.values_list("members", flat=True) for key in members}


def _settle(known: Kept, about: set[UUID]) -> None:
    rtype = known.rtype
    pairs = _connected(rtype, about)
    members = {key for pair in pairs for key in pair}
    DuplicateCluster.objects.filter(record_type=rtype.slug, members__overlap=list(members | about)).delete()
    chances = pairs | _filled(known, pairs)
    apart = unlike(rtype, members)
    made = [
        DuplicateCluster(record_type=rtype.slug, members=list(one.members), score=one.score)
        for one in clusters(chances, apart)
    ]
    DuplicateCluster.objects.bulk_create(made)


def _connected(rtype: RecordType, about: set[UUID]) -> dict[Pair, float]:
    """The pairs of everybody whom any chain of pairs connects with these records."""
    found: dict[Pair, float] = {}
    edge, seen = set(about), set(about)
    while edge and len(seen) <= MOST_MEMBERS + len(about):
        rows = DuplicatePair.objects.filter(Q(one__in=edge) | Q(other__in=edge), record_type=rtype.slug)
        found |= {(one, other): chance for one, other, chance in rows.values_list("one", "other", "probability")}
        edge = {key for pair in found for key in pair} - seen
        seen |= edge
    return found


def _filled(known: Kept, pairs: dict[Pair, float]) -> dict[Pair, float]:
    """The probabilities of the other pairs within each component, as a scan works them out."""
    wanted = [
        pair
        for part in components(pairs)
        if 3 <= len(part) <= LARGEST_FILLED
        for pair in combinations(sorted(part), 2)
        if pair not in pairs
    ]
    rows = read_some(known.rtype, known.shape, {key for pair in wanted for key in pair})
    return {
        (one, other): known.model.score(rows[one].row, rows[other].row).probability
        for one, other in wanted
        if one in rows and other in rows
    }


def components(pairs: Iterable[Pair]) -> list[set[UUID]]:
    """The sets of records that chains of pairs connect."""
    part_of: dict[UUID, set[UUID]] = {}
    for one, other in pairs:
        left, right = part_of.setdefault(one, {one}), part_of.setdefault(other, {other})
        if left is not right:
            left |= right
            for key in right:
                part_of[key] = left
    return list({id(part): part for part in part_of.values()}.values())


def _pair(one: UUID, other: UUID) -> Pair:
    return (one, other) if one < other else (other, one)
