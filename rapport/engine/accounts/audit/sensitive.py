"""Reads of sensitive fields: how many records each user was shown, and the days on which that was unusual."""

from collections import defaultdict
from datetime import date, timedelta
from statistics import median
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.accounts.audit.reads import keep_reads
from rapport.engine.accounts.audit.report import Column, Count, Section, Table, Verdict, table
from rapport.engine.accounts.audit.sections import Asked, Looked
from rapport.engine.accounts.models import SensitiveRead, User
from rapport.engine.records.definitions import definitions
from rapport.engine.records.registry import find_record_type, record_types
from rapport.engine.records.watching import sensitive_fields

# A user's usual day is the middle one of those on which they read any, over this long; below a few, nothing is much.
LOOKS_BACK = timedelta(days=90)
TIMES_AS_MANY, A_FEW = 3, 20


class Day(NamedTuple):
    """One day of one user; `usual` is 0 where nothing is known of earlier days."""

    user: UUID
    day: date
    records: int
    usual: int


def look(asked: Asked) -> Looked:
    """Sums by user and day, and those that stand out."""
    keep_reads()
    zone = definitions().organisation.zone
    first, last = asked.since.astimezone(zone).date(), asked.until.astimezone(zone).date()
    watched = sum(len(sensitive_fields(rtype.all_fields())) for rtype in record_types())
    days = _days(first, last)
    unusual = [one for one in days if _is_unusual(one)]
    counts = (
        Count("fields", _("Sensitive fields"), watched),
        Count("records", _("Records shown with sensitive values"), sum(one.records for one in days)),
        Count("readers", _("Users who saw some"), len({one.user for one in days})),
        Count("unusual_days", _("Unusual days"), len(unusual)),
    )
    verdict, advice = Verdict.GOOD, _("Nobody read unusually many.")
    if unusual:
        verdict = Verdict.LOOK
        advice = ngettext(
            "On %(n)d day somebody read unusually many. Ask what it was for.",
            "On %(n)d days somebody read unusually many. Ask what it was for.",
            len(unusual),
        ) % {"n": len(unusual)}
    elif not watched:
        advice = _("No field is marked as sensitive. Mark those that are, under Fields.")
    names = {one.pk: str(one) for one in User.objects.all()}
    tables = (_unusual(unusual, names), _by_user(first, last, names))
    shown = tuple(one for one in tables if one.total)
    return Looked(Section("sensitive", _("Reads of sensitive fields"), verdict, advice, counts, shown))


def _days(first: date, last: date) -> list[Day]:
    """The days of each user from the first to the last, with what was usual for them until then."""
    rows = SensitiveRead.objects.filter(day__gte=first - LOOKS_BACK, day__lte=last)
    sums = rows.values_list("user_id", "day").annotate(Sum("records")).order_by("day")
    before: dict[UUID, list[tuple[date, int]]] = defaultdict(list)
    found = []
    for user, day, records in sums:
        earlier = [number for when, number in before[user] if when >= day - LOOKS_BACK]
        if day >= first:
            found.append(Day(user, day, records, round(median(earlier)) if earlier else 0))
        before[user].append((day, records))
    return found


def _is_unusual(one: Day) -> bool:
    stands_out = one.usual and one.records >= A_FEW and one.records > TIMES_AS_MANY * one.usual
    return one.records >= settings.AUDIT_MANY_READS or bool(stands_out)


def _unusual(days: list[Day], names: dict[UUID, str]) -> Table:
    columns = Column(_("User")), Column(_("Day")), Column(_("Records"), "number"), Column(_("Usual"), "number")
    most = sorted(days, key=lambda one: -one.records)
    rows = [(names.get(one.user, ""), one.day.isoformat(), one.records, one.usual or None) for one in most]
    return table(_("Unusual days"), columns, rows)


def _by_user(first: date, last: date, names: dict[UUID, str]) -> Table:
    rows = SensitiveRead.objects.filter(day__gte=first, day__lte=last)
    sums = rows.values_list("user_id", "record_type", "door").annotate(total=Sum("records")).order_by("-total")
    doors = {"page": _("pages"), "api": _("API"), "export": _("exports")}
    columns = Column(_("User")), Column(_("What")), Column(_("By way of")), Column(_("Records"), "number")
    shown = [(names.get(user, ""), _type_name(slug), doors.get(door, door), total) for user, slug, door, total in sums]
    return table(_("Records shown with sensitive values"), columns, shown)


def _type_name(slug: str) -> str:
    rtype = find_record_type(slug)
    return str(rtype.label_plural) if rtype else slug
