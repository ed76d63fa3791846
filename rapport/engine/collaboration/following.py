"""Following: what somebody wants to hear of a record. Everybody says so for themselves alone."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.engine.collaboration.models import Follow
from rapport.engine.events.act import Act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.turns import take_turns
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import visible
from rapport.engine.records.merging.twins import JOINERS
from rapport.engine.records.registry import RecordType
from rapport.engine.records.sharing import HOLDERS

Level = Follow.Level
TURN = "follows"
ORDER = list(Level)
# Records with members of which each hears everything; of others they hear what matters.
LOUD = frozenset({"conversations"})


def follow(act: Act, rtype: RecordType, row: Any, level: str) -> Follow:
    """Hear `level` of a record from now on. Raises ValidationFailed, and NotAllowed for who may not see it."""
    if level not in Level.values:
        known = ", ".join(Level.values)
        raise ValidationFailed({"level": _("One follows with one of: %(known)s.") % {"known": known}})
    user = _require_seen(act, rtype, row)
    take_turns(TURN)
    known_row = rows_of(rtype, row.pk).filter(user_id=user).first()
    if known_row is not None:
        act.change(known_row, level=level)
        return known_row
    return act.create(Follow(user_id=user, record_type=rtype.slug, record_id=row.pk, level=level))


def unfollow(act: Act, rtype: RecordType, row: Any) -> None:
    """Follow a record no more: hear of it when mentioned, whatever is usual for the actor. Raises NotAllowed."""
    user = _require_seen(act, rtype, row)
    if usual_level(rtype, row, user) != Level.MENTIONS:
        follow(act, rtype, row, Level.MENTIONS)
        return
    take_turns(TURN)
    act.delete(list(rows_of(rtype, row.pk).filter(user_id=user)))


def level_of(user: UUID, rtype: RecordType, row: Any) -> tuple[str, bool]:
    """What a user hears of a record, and whether they said so themselves."""
    said = rows_of(rtype, row.pk).filter(user_id=user).values_list("level", flat=True).first()
    return said or usual_level(rtype, row, user), said is not None


def usual_level(rtype: RecordType, row: Any, user: UUID) -> str:
    """What a user hears of a record who said nothing."""
    return usual_levels(rtype, row).get(user, Level.MENTIONS)


def usual_levels(rtype: RecordType, row: Any) -> dict[UUID, str]:
    """Who hears more of a record than mentions without having said so: members, its owner, and who made it."""
    if rtype.members:
        level = Level.ALL if rtype.slug in LOUD else Level.IMPORTANT
        return {user: level for holder in getattr(row, rtype.members) for user in people_of(holder)}
    owner = rtype.field("owner")
    people = {row.created_by, getattr(row, owner.column) if owner else None} - {None}
    return dict.fromkeys(people, Level.IMPORTANT)


def people_of(holder: UUID) -> set[UUID]:
    """A user; or those in a team and below it. Asked of what stands in memory."""
    return {holder, *HOLDERS["team"].people(holder)}


def rows_of(rtype: RecordType, key: UUID) -> "QuerySet[Follow]":
    return Follow.objects.filter(record_type=rtype.slug, record_id=key, deleted_at=None)


def _require_seen(act: Act, rtype: RecordType, row: Any) -> UUID:
    user = act.actor.user_id
    if user is None or rtype.sees_as or not visible(act.actor, rtype).filter(pk=row.pk).exists():
        raise NotAllowed(_("Only who sees a record can follow it."))
    return user


def louder(keeps: Any, goes: Any) -> dict[str, Any]:
    """When two records become one, whoever follows both hears the more of the two."""
    return {"level": goes.level} if ORDER.index(goes.level) < ORDER.index(keeps.level) else {}


JOINERS[Follow] = louder
