"""How much a user has not read."""

from collections import Counter
from uuid import UUID

from django.db.models import Count, Value

from rapport.engine.accounts.models import Notification, User
from rapport.engine.accounts.models.notification import IS_UNREAD
from rapport.engine.accounts.notifications.states import STATES

COUNTED_TO = 100


def bell_state(user: User) -> dict[str, int]:
    """What the bell shows: `{"unread": n}`, counted to 100 at most."""
    return {"unread": Notification.objects.filter(IS_UNREAD, user=user)[:COUNTED_TO].count()}


def unread_by_record(user_id: UUID, record_type: str) -> dict[UUID, int]:
    """How much is unread about each record of a type; records of which all is read are missing."""
    unread = Notification.objects.filter(IS_UNREAD, user_id=user_id, record_type=record_type, record_id__isnull=False)
    counted = unread.order_by().values_list("record_id").annotate(number=Count("pk"))
    return {record_id: number for record_id, number in counted if record_id}


def counts_of(user: User) -> dict[str, int]:
    """How many notices a user has in each state, counted to 100 at most, in one statement."""
    own = Notification.objects.filter(user=user).order_by()
    capped = [own.filter(state).values(state=Value(name))[:COUNTED_TO] for name, state in STATES.items()]
    rows = capped[0].union(*capped[1:], all=True)
    return dict.fromkeys(STATES, 0) | Counter(row["state"] for row in rows)
