"""What stands in the head of a record: who else is there, and whether its reader follows it."""

from typing import Any

from rapport.engine.collaboration.following import Level, level_of
from rapport.engine.events.actor import Actor
from rapport.engine.records.registry import RecordType
from rapport.engine.web.addresses import address, of_record
from rapport.engine.web.heads import HEADS


def presence_head(actor: Actor, rtype: RecordType, row: Any) -> dict[str, Any] | None:
    """Who else looks at the record: filled in by the page while it is seen. Whoever looks on is not there."""
    if actor.onlooker or row.is_deleted or actor.kind != "user":
        return None
    template = "collaboration/presence.html"
    return {"template": template, "url": address("collaboration:here"), "live": f"{rtype.slug}/{row.pk}"}


def follow_head(actor: Actor, rtype: RecordType, row: Any) -> dict[str, Any] | None:
    """What the reader hears of a record, and how they hear more or less."""
    if actor.onlooker or rtype.sees_as or row.is_deleted or actor.user_id is None:
        return None
    level, is_said = level_of(actor.user_id, rtype, row)
    return {
        "template": "collaboration/follow.html",
        "url": of_record("collaboration:follow", rtype.slug, row.pk),
        "level": level,
        "levels": [{"value": one.value, "label": one.label, "on": one == level} for one in Level],
        # Nothing else would come of it where one hears of mentions only by oneself.
        "may_stop": level != Level.MENTIONS or is_said,
        "has_members": bool(rtype.members),
    }


HEADS += [presence_head, follow_head]
