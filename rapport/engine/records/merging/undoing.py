"""Undo and merging: taking the batch of a merge back is to un-merge, taking that back is to merge again."""

from collections.abc import Callable
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.actor import SYSTEM, Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.undo.objections import objections
from rapport.engine.events.undo.reach import freeing
from rapport.engine.records.merging.entries import stretch_of
from rapport.engine.records.merging.groups import require_merging
from rapport.engine.records.merging.parting import why_not
from rapport.engine.records.models import Merge
from rapport.engine.records.registry import find_record_type


def free_merges(actor: Actor, batch: UUID) -> Callable[[JournalEntry], bool] | None:
    """All that merges of a batch did goes back, whatever else of it the actor may change, if they may un-merge."""
    merges = list(Merge.objects.filter(batch=batch, deleted_at=None))
    stretches = [stretch_of(one) for one in merges if _may_part(actor, one)]
    return (lambda entry: any(one.holds(entry) for one in stretches)) if stretches else None


def cannot_part(batch: UUID) -> str:
    """Why the merges of a batch cannot be taken back yet."""
    merges = Merge.objects.filter(batch=batch, deleted_at=None)
    return next((why for one in merges if (why := why_not(SYSTEM, one))), "")


def cannot_join_again(batch: UUID) -> str:
    """Why an un-merge cannot be taken back: the records have gone ways of their own since."""
    for one in Merge.objects.filter(deleted_batch=batch):
        rtype = find_record_type(one.record_type)
        rows = rtype.rows().filter(pk__in=[one.survivor, *one.losers], deleted_at=None) if rtype else None
        if rows is None or rows.count() <= len(one.losers) or _touched_since(one, batch):
            return _("These records were changed since they were un-merged. Merge them again instead.")
    return ""


def _touched_since(merge: Merge, parting: UUID) -> bool:
    entries = JournalEntry.objects.filter(about_id=merge.pk, kind="deleted", batch=parting)
    parted = entries.order_by("-id")[:1].get()
    later = JournalEntry.objects.filter(id__gt=parted.id).exclude(batch=parting)
    about = later.filter(about_id__in=merge.losers, kind__in=("changed", "deleted"))
    return about.exists() or later.filter(subjects__subject_id__in=merge.losers).exists()


def _may_part(actor: Actor, merge: Merge) -> bool:
    rtype = find_record_type(merge.record_type)
    if rtype is None:
        return False
    try:
        require_merging(actor, rtype, merge.survivor, merge.losers)
    except NotAllowed:
        return False
    return True


freeing.append(free_merges)
objections.append(cannot_part)
objections.append(cannot_join_again)
