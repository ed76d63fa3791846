"""How a user is told by mail: what they chose, and when a mail may go."""

from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.accounts.models import Mails, NotificationSettings, User
from rapport.engine.events.act import Act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.turns import take_turns
from rapport.engine.records.errors import ValidationFailed

CHOICES = ("mails", "everything", "daily_at", "quiet_from", "quiet_until", "not_on_weekends")
SATURDAY = 5
WAITS = timedelta(minutes=15)


def settings_of(user: User) -> NotificationSettings:
    """What a user chose, else the defaults, in no row yet."""
    return _kept(user) or NotificationSettings(user=user)


def change_settings(act: Act, user: User, **values: Any) -> NotificationSettings:
    """Set some of the choices of a user, who alone decides them. Raises NotAllowed and ValidationFailed."""
    if act.actor.user_id != user.pk:
        raise NotAllowed(_("Everybody chooses for themselves what is mailed to them."))
    take_turns(f"notification settings {user.pk}")
    kept = _kept(user)
    row = kept or NotificationSettings(user=user)
    chosen = {name: getattr(row, name) for name in CHOICES} | values
    _require_sense(chosen)
    if kept is None:
        return act.create(NotificationSettings(user=user, **chosen))
    act.change(kept, **chosen)
    return kept


def is_quiet(settings: NotificationSettings, now: datetime, zone: tzinfo) -> bool:
    """Whether mails wait at a moment, by the clock on the user's wall."""
    local = now.astimezone(zone)
    if settings.not_on_weekends and local.weekday() >= SATURDAY:
        return True
    begins, ends, here = settings.quiet_from, settings.quiet_until, local.time()
    if begins is None or ends is None:
        return False
    return begins <= here < ends if begins < ends else here >= begins or here < ends


def mailed_by(settings: NotificationSettings, now: datetime, zone: tzinfo) -> datetime:
    """What came until this moment and is still unread is due by mail now, or never will be."""
    if settings.mails == Mails.NEVER:
        return now
    return last_daily(settings.daily_at, now, zone) if settings.mails == Mails.DAILY else now - WAITS


def last_daily(at: time, now: datetime, zone: tzinfo) -> datetime:
    """The last time that the clock said it."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), at, zone)
    return today if today <= now else datetime.combine(local.date() - timedelta(days=1), at, zone)


def _kept(user: User) -> NotificationSettings | None:
    return NotificationSettings.objects.filter(user=user, deleted_at=None).first()


def _require_sense(chosen: dict[str, Any]) -> None:
    begins, ends = chosen["quiet_from"], chosen["quiet_until"]
    if (begins is None) != (ends is None):
        raise ValidationFailed({"quiet_until": _("Say from when until when it is quiet, or leave both empty.")})
    if begins is not None and begins == ends:
        raise ValidationFailed({"quiet_until": _("Choose two times that differ; for no mails at all, choose “Never”.")})
