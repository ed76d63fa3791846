"""The bell: telling a user something once, and how much they have not read."""

from datetime import datetime
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone

from rapport.engine.accounts.models import Notification, User

CHANNEL = "bell"
COUNTED_TO = 100


def notify(user_id: UUID, *, title: str, url: str, key: str, body: str = "") -> bool:
    """Tell a user something, once for each key. Open pages learn of it when the transaction commits.

    Returns whether it was new.
    """
    words = {"title": title[:200], "body": body, "url": url}
    with transaction.atomic():
        _told, new = Notification.objects.get_or_create(user_id=user_id, key=key, defaults=words)
        if new:
            wake_pages(user_id)
    return new


def wake_pages(user_id: UUID) -> None:
    """Have the open pages of a user look again, once this transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(user_id)])


def bell_state(user: User) -> dict[str, int]:
    """What the bell shows: `{"unread": n}`, counted to 100 at most."""
    return {"unread": Notification.objects.filter(user=user, read_at=None)[:COUNTED_TO].count()}


def notifications_of(user: User) -> "models.QuerySet[Notification]":
    return Notification.objects.filter(user=user).order_by("-id")


def mark_read(user: User, *, up_to: int) -> None:
    """Mark everything as read that a page showed, up to its newest id."""
    Notification.objects.filter(user=user, read_at=None, id__lte=up_to).update(read_at=timezone.now())
    wake_pages(user.pk)


def forget_old_notifications(*, before: datetime) -> None:
    """Drop what was read before a moment; what was never read stays."""
    Notification.objects.filter(read_at__lt=before).delete()
