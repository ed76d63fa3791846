"""Un-merging: what a merge did is taken back, at any time; what came later stays or goes where it is told to."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.events.journal import Subject
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.undo import Outcome
from rapport.engine.events.undo.batches import BatchUndone
from rapport.engine.events.undo.steps import take_back
from rapport.engine.records import values as given
from rapport.engine.records.computed.working import settle
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.links import links_of
from rapport.engine.records.merging.entries import done_again_in, is_whole_batch, stretch_of
from rapport.engine.records.merging.events import RecordsUnmerged, about
from rapport.engine.records.merging.groups import require_merging
from rapport.engine.records.merging.sending import sending_of
from rapport.engine.records.models import Merge
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.related import above

NOWHERE: Mapping[str, UUID] = {}


def unmerge(act: Act, merge: Merge, *, goes: Mapping[str, UUID] = NOWHERE) -> Outcome:
    """Take a merge apart. Those that went come back as they were; the outcome tells what was kept as it is now.

    `goes` sends what came later to one of them: `field:<slug>` or `<slug of type>:<id>` → its id. Whoever may merge
    these records may un-merge them. Raises ValidationFailed and NotAllowed.
    """
    rtype = record_type(merge.record_type)
    _hold(act, rtype, merge)
    require_merging(act.actor, rtype, merge.survivor, merge.losers)
    if why := why_not(act.actor, merge):
        raise ValidationFailed({"merge": why})
    act.flush()
    sending = sending_of(act.actor, rtype, merge, goes)
    outcome = _take_apart(act, rtype, merge)
    sending.send(act)
    _refuse_circles(rtype, merge)
    _tell(act, rtype, merge, outcome)
    return outcome


def why_not(actor: Any, merge: Merge) -> str:
    """Why a merge cannot be taken apart yet, in a sentence; nothing where it can."""
    rtype = record_type(merge.record_type)
    if merge.is_deleted:
        return _("These records were un-merged already.")
    survivor = rtype.rows().filter(pk=merge.survivor).first()
    if survivor is not None and survivor.merged_into is not None:
        into = visible(actor, rtype, deleted=None).filter(pk=survivor.merged_into).first() if actor else None
        title = rtype.title_of(into) if into is not None and mask(actor, rtype).shows(rtype.title) else ""
        words = _("The record was itself merged on into “%(title)s”. Un-merge that first.")
        return words % {"title": title or rtype.label}
    return _taken_since(rtype, merge)


def _taken_since(rtype: RecordType, merge: Merge) -> str:
    """Whether another record now has what one of them must have alone."""
    unique = [field for field in rtype.all_fields() if field.unique and field.custom]
    for row in rtype.rows().filter(pk__in=merge.losers) if unique else ():
        for field in unique:
            held = given.others_with(rtype, field, field.get(row)).exclude(pk=merge.survivor)
            if not field.type.is_empty(field.get(row)) and held.exists():
                words = _(
                    "Another record has “%(value)s” in “%(label)s” now, and it must be unique. Change that first."
                )
                return words % {"value": field.type.to_text(field.get(row), field), "label": field.label}
    return ""


def _hold(act: Act, rtype: RecordType, merge: Merge) -> None:
    """Lock the records in order of their ids, and then the merge: of two who part them one comes first."""
    act.lock(list(rtype.rows().filter(pk__in=[merge.survivor, *merge.losers]).order_by("pk")))
    act.lock(merge)


def _take_apart(act: Act, rtype: RecordType, merge: Merge) -> Outcome:
    stretch = stretch_of(merge)
    outcome = Outcome(frees=stretch.holds, own_batches=done_again_in(merge) | {merge.batch})
    kept = _Links(rtype, merge)
    for entries in stretch.backwards():
        take_back(act, entries, outcome)
        kept.note(entries)
    kept.put_back(act, outcome)
    return outcome


def _refuse_circles(rtype: RecordType, merge: Merge) -> None:
    """What came later may have put a record under what now comes back under it: then nothing is written."""
    field = above(rtype)
    if field is not None:
        for row in rtype.rows().filter(pk__in=[merge.survivor, *merge.losers], deleted_at=None):
            given.complete(rtype, row, {field.slug: field.get(row)})


class _Links:
    """What the survivor's relations in other tables held before, to be held again where only others' rows held it."""

    def __init__(self, rtype: RecordType, merge: Merge) -> None:
        self._rtype, self._key = rtype, merge.survivor
        self._fields = [one for one in rtype.all_fields() if one.through]
        self._was = links_of(self._fields, [self._key])
        self._changed: set[str] = set()

    def note(self, entries: Sequence[JournalEntry]) -> None:
        """Remember which of them the merge itself had changed."""
        for entry in entries:
            if entry.about_id == self._key and entry.kind == "changed":
                self._changed |= entry.after.keys()

    def put_back(self, act: Act, outcome: Outcome) -> None:
        """A company that was given to the survivor since stays, although the membership goes back."""
        survivor = self._rtype.rows().filter(pk=self._key, deleted_at=None).first()
        now = links_of(self._fields, [self._key])
        for one in self._fields:
            was = self._was[one.slug].get(self._key)
            is_theirs = one.slug not in self._changed or outcome.is_kept(self._key, one.slug)
            if survivor is not None and one.through and is_theirs and now[one.slug].get(self._key) != was:
                one.through.assign(act, [(survivor, was)])
        act.settle([survivor] if survivor is not None else [])


def _tell(act: Act, rtype: RecordType, merge: Merge, outcome: Outcome) -> None:
    back = [Subject(rtype.journal_type, key, "merged") for key in merge.losers]
    act.happened(about(RecordsUnmerged(merge.survivor, merge.pk, len(back)), rtype.journal_type), back)
    if is_whole_batch(stretch_of(merge)):
        places = [one.place for one in outcome.conflicts[:200]]
        act.happened(BatchUndone(merge.batch, outcome.rows, outcome.kept, places))
    act.flush()
    settle(rtype, [merge.survivor, *merge.losers])
