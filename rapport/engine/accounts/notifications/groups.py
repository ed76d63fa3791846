"""The pages of the notification centre: notices grouped by record, the group with the newest notice first."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from rapport.engine.accounts.models import Notification, User
from rapport.engine.accounts.notifications.listing import NEWEST, Place, after_place
from rapport.engine.accounts.notifications.states import STATES

GROUPS = 25
IN_A_GROUP = 20
SAME_RECORD = (F("record_type"), F("record_id"))


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
    """A page of the groups of a user in a state, by keyset: two queries, however many there are."""
    rows = Notification.objects.filter(STATES[state], user=user)
    heads = list(after_place(_heads(rows), after).order_by(*NEWEST)[: GROUPS + 1])
    more, heads = heads[GROUPS:], heads[:GROUPS]
    others = _newest_of_each(rows, {head.record_id for head in heads if head.record_id})
    groups = [Group(*others.get((head.record_type, head.record_id), ([head], 1))) for head in heads]
    return GroupPage(groups, (heads[-1].came_at, heads[-1].pk) if more else None)


def _heads(rows: QuerySet[Notification]) -> QuerySet[Notification]:
    """The newest notice of each record, and all that are about none."""
    is_later = Q(came_at__gt=OuterRef("came_at")) | Q(came_at=OuterRef("came_at"), id__gt=OuterRef("id"))
    same = rows.filter(record_type=OuterRef("record_type"), record_id=OuterRef("record_id"))
    return rows.filter(~Exists(same.filter(is_later)))


def _newest_of_each(
    rows: QuerySet[Notification], records: Iterable[UUID]
) -> dict[tuple[str, UUID | None], tuple[list[Notification], int]]:
    """The newest notices of each of these records, and how many there are."""
    about = rows.filter(record_id__in=list(records)).annotate(
        number=Window(RowNumber(), partition_by=SAME_RECORD, order_by=NEWEST),
        total=Window(Count("*"), partition_by=SAME_RECORD),
    )
    found: dict[tuple[str, UUID | None], list[Notification]] = defaultdict(list)
    totals: dict[tuple[str, UUID | None], int] = {}
    for one in about.filter(number__lte=IN_A_GROUP).order_by(*NEWEST):
        found[one.record_type, one.record_id].append(one)
        totals[one.record_type, one.record_id] = one.total
    return {key: (some, totals[key]) for key, some in found.items()}
