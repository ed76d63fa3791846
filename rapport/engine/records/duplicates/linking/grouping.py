"""From pairs to clusters: none hangs on one weak link, holds two that are said to be different, or is too large."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from rapport.engine.records.duplicates.linking.guards import THRESHOLD

K = TypeVar("K", int, UUID)
Pair = tuple[K, K]
LARGEST = 25  # members of a cluster
TOGETHER = 0.5  # what the pairs between two parts must be on average for them to be one


@dataclass(frozen=True)
class Cluster(Generic[K]):
    """Records that look like one; `score` is the probability of its weakest link."""

    members: Sequence[K]
    score: float


def clusters(probabilities: Mapping[Pair[K], float], apart: Collection[Pair[K]] = ()) -> list[Cluster[K]]:
    """Clusters of the records that pairs (the lesser first) are about, the strongest pairs joined first.

    Two parts become one if a pair above the threshold joins them, the average of all pairs between them speaks for it,
    and none of them is in `apart`. A pair of which nothing is known counts as 0.
    """
    part_of: dict[K, list[K]] = {}
    weakest: dict[K, float] = {}
    forbidden = set(apart)
    joining = sorted((-chance, pair) for pair, chance in probabilities.items() if chance >= THRESHOLD)
    for chance, (one, other) in joining:
        left, right = part_of.setdefault(one, [one]), part_of.setdefault(other, [other])
        if left is right or len(left) + len(right) > LARGEST:
            continue
        between = [(a, b) if a < b else (b, a) for a in left for b in right]
        if any(pair in forbidden for pair in between):
            continue
        if sum(probabilities.get(pair, 0.0) for pair in between) < TOGETHER * len(between):
            continue
        left += right
        for member in right:
            part_of[member] = left
        weakest[left[0]] = -chance
    parts = {id(part): part for part in part_of.values() if len(part) > 1}
    return [Cluster(sorted(part), weakest[part[0]]) for part in parts.values()]
