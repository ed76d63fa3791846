"""Merging by itself what is certain, where an administrator said so: each cluster in a batch that can be undone."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records import merging
from rapport.engine.records.duplicates.linking.guards import CERTAIN
from rapport.engine.records.duplicates.settings import merges_certain
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.models import DuplicateCluster, DuplicatePair
from rapport.engine.records.registry import RecordType

AT_ONCE = 1_000  # clusters of one night; the rest waits for the next


def merge_certain(rtype: RecordType) -> int:
    """Merge the clusters of a type of which each two are certain, as suggested. Returns how many records went.

    What cannot be merged, such as values that clash, stays in the inbox for people.
    """
    if not merges_certain(rtype):
        return 0
    gone = 0
    certain = DuplicateCluster.objects.filter(record_type=rtype.slug, score__gte=CERTAIN).order_by("-score", "id")
    for keys in list(certain.values_list("members", flat=True)[:AT_ONCE]):
        rows = list(rtype.rows().filter(pk__in=keys, deleted_at=None))
        if len(rows) < len(keys) or not _all_are_certain(keys):
            continue
        try:
            with open_act(SYSTEM, reason=_("Certain duplicates")) as act:
                survivor = merging.propose(SYSTEM, rtype, rows).survivor.pk
                gone += len(merging.merge_records(act, rtype, rows, survivor=survivor).losers)
        except ValidationFailed:
            continue
    return gone


def _all_are_certain(keys: Sequence[UUID]) -> bool:
    """Whether each two of the records are a certain pair, and not only those that hold the cluster together."""
    pairs = DuplicatePair.objects.filter(one__in=keys, other__in=keys, probability__gte=CERTAIN)
    return pairs.count() == len(keys) * (len(keys) - 1) // 2
