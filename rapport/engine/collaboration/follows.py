"""Following a record: how much one wants to hear of it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.collaboration.models import Follow
from rapport.engine.events.act import Act, open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.actions import require_record
from rapport.engine.records.merging.twins import JOINERS
from rapport.engine.records.registry import RecordType

Level = Follow.Level
LOUDNESS = {level: place for place, level in enumerate(Level.values)}


def follow(act: Act, rtype: RecordType, record: Any, level: str) -> Follow:
    """Hear this much of a record from now on, for oneself. Raises NotAllowed, ValueError for a level there is not."""
    require_record(act, rtype, "read", record)
    user_id = act.actor.user_id
    if user_id is None:
        raise NotAllowed(_("Only users follow records."))
    level = Level(level).value
    found = followed(act.actor, rtype, record.pk)
    if found is None:
        made = Follow(user_id=user_id, record_type=rtype.slug, record_id=record.pk, level=level)
        act.create(made)
        return made
    if found.level != level:
        act.change(found, level=level)
    return found


def unfollow(act: Act, rtype: RecordType, record: Any) -> None:
    """Hear only what concerns one anyway."""
    found = followed(act.actor, rtype, record.pk)
    if found is not None:
        act.delete(found)


def followed(actor: Actor, rtype: RecordType, key: UUID) -> Follow | None:
    """What an actor said of a record; None where nothing."""
    if actor.user_id is None:
        return None
    rows = Follow.objects.filter(user_id=actor.user_id, record_type=rtype.slug, record_id=key, deleted_at=None)
    return rows.first()


def followers(keys: Collection[UUID]) -> dict[tuple[str, UUID], dict[UUID, str]]:
    """Who said what of some records: by slug and id, the level of each user. One query."""
    found: dict[tuple[str, UUID], dict[UUID, str]] = {}
    rows = Follow.objects.filter(record_id__in=keys, deleted_at=None)
    for slug, key, user, level in rows.values_list("record_type", "record_id", "user_id", "level"):
        found.setdefault((slug, key), {})[user] = level
    return found


def hear_less(user: Any, record_type: str, record_id: UUID) -> None:
    """Only mentions from now on, by the hand of the user: a link in a mail, or the menu of the notifications."""
    row = Follow.objects.filter(user=user, record_type=record_type, record_id=record_id, deleted_at=None).first()
    with open_act(user.actor) as act:
        if row is None:
            act.create(Follow(user=user, record_type=record_type, record_id=record_id, level=Level.MENTIONS))
        elif row.level != Level.MENTIONS:
            act.change(row, level=Level.MENTIONS.value)


def louder(keeps: Any, goes: Any) -> dict[str, Any]:
    """Of two words about records that become one, the louder counts."""
    return {"level": goes.level} if LOUDNESS[goes.level] > LOUDNESS[keeps.level] else {}


JOINERS[Follow] = louder
