"""What a user has read, put off and done. These are marks of their own, which the journal does not keep."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from rapport.engine.accounts.models import Notification, User
from rapport.engine.accounts.models.notification import IS_UNREAD
from rapport.engine.accounts.notifications.waking import wake_pages


def mark_seen(user_id: UUID, record_type: str, record_id: UUID) -> int:
    """Mark everything as read that a user was told about a record they look at. Returns how much was unread."""
    about = Notification.objects.filter(IS_UNREAD, user_id=user_id, record_type=record_type, record_id=record_id)
    changed = about.update(read_at=timezone.now())
    if changed:
        wake_pages(user_id)
    return changed


def mark_read(user: User, *, up_to: int) -> None:
    """Mark everything as read that a page showed, up to its newest id."""
    Notification.objects.filter(IS_UNREAD, user=user, id__lte=up_to).update(read_at=timezone.now())
    wake_pages(user.pk)


def forget_old_notifications(*, before: datetime) -> None:
    """Drop what was read or done before a moment; what was never read or is snoozed stays."""
    read = Q(read_at__lt=before, snoozed_until=None)
    Notification.objects.filter(read | Q(done_at__lt=before)).delete()
