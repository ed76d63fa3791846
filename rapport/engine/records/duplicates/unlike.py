"""What people said: these two are not the same. It outlasts every scan, and goes along when one of them is merged."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.duplicates.following import settle_clusters
from rapport.engine.records.duplicates.said import unlike
from rapport.engine.records.errors import Invalid
from rapport.engine.records.gate import require, within_reach
from rapport.engine.records.merging import followers
from rapport.engine.records.models import NotSame
from rapport.engine.records.registry import RecordType

MOST = 25


def not_the_same(act: Act, rtype: RecordType, ids: Iterable[UUID]) -> list[NotSame]:
    """Say that each of these records is another one than all the others. Returns what was not said before.

    Raises NotAllowed unless the actor may change every one of them, Invalid for fewer than two or too many.
    """
    keys = sorted(set(ids))
    if not 2 <= len(keys) <= MOST:
        raise Invalid(_("Choose from 2 to %(most)d records.") % {"most": MOST})
    require(act.actor, rtype, "change")
    live = rtype.rows().filter(pk__in=keys, deleted_at=None)
    if within_reach(act.actor, rtype, "change", live).count() < len(keys):
        raise NotAllowed(_("One of these records is not there, or outside what your role lets you change."))
    made = _say(act, rtype, set(combinations(keys, 2)))
    settle_clusters(rtype, keys)
    return made


def follow_merge(act: Act, rtype: RecordType, survivor: UUID, losers: Sequence[UUID]) -> None:
    """Carry over to the survivor of a merge what was said of the records that went into it.

    What was said between those that were merged is taken back: whoever merged them knew better.
    """
    gone = {*losers}
    together = {survivor, *gone}
    said = list(
        NotSame._default_manager.filter(Q(one__in=gone) | Q(other__in=gone), record_type=rtype.slug, deleted_at=None)
    )
    inner = NotSame._default_manager.filter(
        one__in=together, other__in=together, record_type=rtype.slug, deleted_at=None
    )
    act.delete(list(inner))
    others = {row.other if row.one in gone else row.one for row in said} - together
    _say(act, rtype, {(min(survivor, other), max(survivor, other)) for other in others})


def _say(act: Act, rtype: RecordType, pairs: set[tuple[UUID, UUID]]) -> list[NotSame]:
    known = unlike(rtype, {key for pair in pairs for key in pair}) if pairs else set()
    new = [NotSame(record_type=rtype.slug, one=one, other=other) for one, other in sorted(pairs - known)]
    return act.create(new)


followers.append(follow_merge)
