"""What the links at the end of a mail do, without signing in: each signed, for one user and one deed."""

from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.urls import reverse

from rapport.engine.accounts.links import address_of
from rapport.engine.accounts.models import Mails, User
from rapport.engine.accounts.notifications.muting import can_mute, mute
from rapport.engine.accounts.notifications.settings import change_settings
from rapport.engine.events.act import open_act
from rapport.engine.events.ids import read_id

SALT = "rapport.notifications"
LASTS = 366 * 24 * 3600  # seconds; a link in an old mail still stops the next one
MUTE = "mute"
DEEDS = frozenset({MUTE, Mails.DAILY.value, Mails.NEVER.value})


@dataclass(frozen=True)
class MailLink:
    """A deed for one user: `daily`, `never`, or `mute` with the record that it is about."""

    user: User
    deed: str
    record: tuple[str, UUID] | None = None


def link_to(user: User, deed: str, record: tuple[str, UUID] | None = None) -> str:
    """The whole address of a link for a mail to a user."""
    said = [str(user.pk), deed, *([record[0], str(record[1])] if record else [])]
    return address_of(reverse("accounts:mail_link", args=[signing.dumps(said, salt=SALT)]))


def read_link(token: str) -> MailLink | None:
    """What a link means; None for one that is not ours, is too old, or whose user may not sign in any more."""
    try:
        key, deed, *about = signing.loads(token, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError):
        return None
    user_id = read_id(key)
    user = User.objects.active().filter(pk=user_id).first() if user_id else None
    record = (about[0], UUID(about[1])) if about else None
    if user is None or deed not in DEEDS or (deed == MUTE and not (record and can_mute())):
        return None
    return MailLink(user, deed, record)


def follow_link(link: MailLink) -> None:
    """Do what a link says, as its user."""
    if link.deed == MUTE and link.record:
        mute(link.user, *link.record)
        return
    with open_act(link.user.actor, reason="link in a mail") as act:
        change_settings(act, link.user, mails=link.deed)
