"""The pages of the notification centre: notices grouped by record, the group with the newest notice first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, When, Window
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan
from django.db.models.functions import RowNumber

from rapport.engine.accounts.models import Notification, User
from rapport.engine.accounts.notifications.listing import NEWEST, Place, after_place
from rapport.engine.accounts.notifications.states import STATES

GROUPS = 25
IN_A_GROUP = 20
CHUNK = 300
HEAD = ("came_at", "pk", "record_type", "record_id")
Head = tuple[datetime, int, str, UUID | None]
Key = tuple[str, UUID] | int


@dataclass(frozen=True)
class Group:
    """Notices about one record, or one that is about none. The newest 20 come first; `total` counts them all."""

    notices: list[Notification]
    total: int

    @property
    def newest(self) -> Notification:
        return self.notices[0]

    @property
    def record(self) -> tuple[str, UUID] | None:
        return (self.newest.record_type, self.newest.record_id) if self.newest.record_id else None


@dataclass(frozen=True)
class GroupPage:
    """Groups, and the place after which the next page begins."""

    groups: list[Group]
    next: Place | None


def groups_of(user: User, state: str, *, after: Place | None = None) -> GroupPage:
    """A page of the groups of a user in a state, by keyset. A handful of queries, however many there are."""
    rows = Notification.objects.filter(STATES[state], user=user)
    heads = list(islice(_heads(rows, after), GROUPS + 1))
    more, heads = heads[GROUPS:], heads[:GROUPS]
    found = _newest_of_each(rows, heads)
    # Whatever went in between, such as in another tab, is in none of them.
    groups = [Group(*found[_key(head)]) for head in heads if _key(head) in found]
    return GroupPage(groups, heads[-1][:2] if more else None)


def _heads(rows: QuerySet[Notification], after: Place | None) -> Iterator[Head]:
    """The newest notice of each record and all that are about none, from a place on; what they cost is what they pass.

    Asked as one statement, the planner would compare every notice with all of its user's.
    """
    passed: set[UUID] = set()
    place, is_last = after, False
    while not is_last:
        chunk = list(after_place(rows, place).order_by(*NEWEST).values_list(*HEAD)[:CHUNK])
        is_last = len(chunk) < CHUNK
        new = {record for _at, _pk, _type, record in chunk if record and record not in passed}
        passed |= _shown_before(rows, after, new) if after else set()
        for head in chunk:
            if head[3] is None or head[3] not in passed:
                yield head
            if head[3]:
                passed.add(head[3])
        place = chunk[-1][:2] if chunk else place


def _shown_before(rows: QuerySet[Notification], place: Place, records: set[UUID]) -> set[UUID]:
    """Those of the records of which a newer notice stands on an earlier page."""
    earlier = rows.exclude(TupleLessThan(Tuple("came_at", "id"), place)).filter(record_id__in=records)
    return {record for record in earlier.order_by().values_list("record_id", flat=True).distinct() if record}


def _newest_of_each(rows: QuerySet[Notification], heads: Sequence[Head]) -> dict[Key, tuple[list[Notification], int]]:
    """The newest notices of each group, and how many there are."""
    of_records, alone = [head[3] for head in heads if head[3]], [head[1] for head in heads if head[3] is None]
    is_alone = Case(When(record_id=None, then="pk"), default=0)
    group: list[F | Case] = [F("record_type"), F("record_id"), is_alone]
    about = rows.filter(Q(record_id__in=of_records) | Q(pk__in=alone)).annotate(
        number=Window(RowNumber(), partition_by=group, order_by=NEWEST), total=Window(Count("*"), partition_by=group)
    )
    found: dict[Key, tuple[list[Notification], int]] = {}
    for one in about.filter(number__lte=IN_A_GROUP).order_by(*NEWEST):
        key = _key((one.came_at, one.pk, one.record_type, one.record_id))
        found.setdefault(key, ([], one.total))[0].append(one)
    return found


def _key(head: Head) -> Key:
    return (head[2], head[3]) if head[3] else head[1]
