"""What a user has read, put off and done. These are marks of their own, which the journal does not keep."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from rapport.engine.accounts.models import Notification
from rapport.engine.accounts.models.notification import IS_DONE, IS_OPEN, IS_SNOOZED, IS_UNREAD
from rapport.engine.accounts.notifications.waking import wake_pages

STATES = {"unread": IS_UNREAD, "all": IS_OPEN, "snoozed": IS_SNOOZED, "done": IS_DONE}
IS_READ = IS_OPEN & Q(read_at__isnull=False)
# What a deed on a page of a state is about: who is done with what is unread is done with what they read of it, too.
SCOPES = STATES | {"unread": IS_OPEN}


@dataclass(frozen=True)
class Which:
    """Notices of one user: one of them, those about a record, those done at one moment, or all of a scope.

    `up_to` leaves out what came after the page was shown.
    """

    user_id: UUID
    scope: Q = IS_OPEN
    notice: int | None = None
    record: tuple[str, UUID] | None = None
    done_at: datetime | None = None
    up_to: datetime | None = None

    def rows(self) -> QuerySet[Notification]:
        found = Notification.objects.filter(self.scope, user_id=self.user_id)
        if self.notice is not None:
            found = found.filter(pk=self.notice)
        if self.record is not None:
            found = found.filter(record_type=self.record[0], record_id=self.record[1])
        if self.done_at is not None:
            found = found.filter(done_at=self.done_at)
        return found.filter(came_at__lte=self.up_to) if self.up_to else found

    def change(self, rows: QuerySet[Notification], **values: datetime | None) -> int:
        changed = rows.update(**values)
        if changed:
            wake_pages(self.user_id)
        return changed


def mark_seen(user_id: UUID, record_type: str, record_id: UUID) -> int:
    """Mark everything as read that a user was told about a record they look at. Returns how much was unread."""
    return mark_read(Which(user_id, record=(record_type, record_id)))


def mark_read(which: Which) -> int:
    """What is not read yet is. Returns how many changed."""
    return which.change(which.rows().filter(IS_UNREAD), read_at=timezone.now())


def mark_unread(which: Which) -> int:
    """The newest of them is to be read again. Returns how many changed."""
    newest = which.rows().filter(IS_OPEN, read_at__isnull=False).order_by("-came_at", "-id").values("pk")[:1]
    return which.change(Notification.objects.filter(pk__in=newest), read_at=None)


def mark_done(which: Which) -> tuple[int, datetime]:
    """They are dealt with. Returns how many changed, and the moment by which they can be put back."""
    now = timezone.now()
    return which.change(which.rows().exclude(IS_DONE), done_at=now, snoozed_until=None), now


def snooze(which: Which, *, until: datetime) -> int:
    """They come back, unread, at a moment. Returns how many changed."""
    return which.change(which.rows().exclude(IS_DONE), snoozed_until=until)


def put_back(which: Which) -> int:
    """What was done is as it was before; what was snoozed is unread. Returns how many changed."""
    done = which.change(which.rows().filter(IS_DONE), done_at=None)
    return done + which.change(which.rows().filter(IS_SNOOZED), snoozed_until=None, read_at=None)


def put_in(which: Which, state: str, *, until: datetime | None = None) -> int:
    """Whatever they are, they are `unread`, `read`, `done` or `snoozed` until a moment. Returns how many there are."""
    now = timezone.now()
    marks = {"unread": "", "read": "read_at", "done": "done_at", "snoozed": "snoozed_until"}
    values: dict[str, datetime | None] = {"done_at": None, "snoozed_until": None}
    if state in ("unread", "read"):
        values["read_at"] = None
    if state != "unread":
        values[marks[state]] = until or now
    return which.change(which.rows(), **values)


def forget_old_notifications(*, before: datetime) -> None:
    """Drop what was read or done before a moment; what was never read or is snoozed stays."""
    read = Q(read_at__lt=before, snoozed_until=None)
    Notification.objects.filter(read | Q(done_at__lt=before)).delete()
