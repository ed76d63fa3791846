"""How much a user has not read."""

from uuid import UUID

from django.db import models
from django.db.models import Count

from rapport.engine.accounts.models import Notification, User
from rapport.engine.accounts.models.notification import IS_UNREAD

COUNTED_TO = 100


def bell_state(user: User) -> dict[str, int]:
    """What the bell shows: `{"unread": n}`, counted to 100 at most."""
    return {"unread": Notification.objects.filter(IS_UNREAD, user=user)[:COUNTED_TO].count()}


def unread_by_record(user_id: UUID, record_type: str) -> dict[UUID, int]:
    """How much is unread about each record of a type; records of which all is read are missing."""
    unread = Notification.objects.filter(IS_UNREAD, user_id=user_id, record_type=record_type, record_id__isnull=False)
    counted = unread.order_by().values_list("record_id").annotate(number=Count("pk"))
    return {record_id: number for record_id, number in counted if record_id}


def notifications_of(user: User) -> "models.QuerySet[Notification]":
    return Notification.objects.filter(user=user).order_by("-came_at", "-id")
