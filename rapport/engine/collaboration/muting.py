"""“Less of this record”, as the notification centre and its mails offer it."""

from uuid import UUID

from rapport.engine.accounts.models import User
from rapport.engine.accounts.notifications import register_muting
from rapport.engine.collaboration.following import Level, follow
from rapport.engine.events.act import open_act
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import find_record_type


def mute(user: User, slug: str, key: UUID) -> None:
    """Tell a user of a record only when they are mentioned. Of what they cannot see they are told nothing anyway."""
    rtype = find_record_type(slug)
    row = visible(user.actor, rtype).filter(pk=key).first() if rtype and not rtype.sees_as else None
    if rtype is not None and row is not None:
        with open_act(user.actor, reason="mute") as act:
            follow(act, rtype, row, Level.MENTIONS)


register_muting(mute)
