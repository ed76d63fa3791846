"""Until when notices can be put off, and bringing back what was."""

from datetime import datetime, time, timedelta, tzinfo

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.engine.accounts.models import Notification
from rapport.engine.accounts.models.notification import IS_SNOOZED
from rapport.engine.accounts.notifications.waking import wake_pages

MORNING, AFTERNOON = time(9), time(14)
LONGEST = timedelta(days=366)
AT_ONCE = 500


def snooze_times(now: datetime, zone: tzinfo) -> dict[str, tuple[str, datetime]]:
    """What the menu offers at a moment in the reader's zone: word → (label, moment)."""
    local = now.astimezone(zone)
    today = local.date()
    offered = {"hour": (_("In an hour"), now + timedelta(hours=1))}
    if local.time() < time(AFTERNOON.hour - 1):
        offered["afternoon"] = (_("This afternoon, 14:00"), datetime.combine(today, AFTERNOON, zone))
    days = {"tomorrow": (_("Tomorrow, 9:00"), 1), "monday": (_("Next Monday, 9:00"), 7 - today.weekday())}
    for word, (label, ahead) in days.items():
        offered[word] = (label, datetime.combine(today + timedelta(days=ahead), MORNING, zone))
    return offered


def bring_back() -> bool:
    """Bring back one slice of what was snoozed until now, as unread. Returns whether there may be more."""
    now = timezone.now()
    over = Notification.objects.filter(IS_SNOOZED, snoozed_until__lte=now).order_by("snoozed_until")
    due = list(over.values_list("pk", "user_id")[:AT_ONCE])
    if due:
        back = Notification.objects.filter(IS_SNOOZED, pk__in=[key for key, _user in due], snoozed_until__lte=now)
        back.update(came_at=now, snoozed_until=None, read_at=None)
        wake_pages(*(user for _key, user in due))
    return len(due) == AT_ONCE
