"""Jobs that come round by themselves, without cron: `@every("1 hour")`, `@daily(at="03:00")` or `@monthly(…)`.

A run that was missed, because the machine was off, is made up once. A run that is due while the last one still
waits is left out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from rapport.engine.jobs.job import Job
from rapport.engine.jobs.models import NextRun

UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


class Rule(Protocol):
    """Says when a job is due."""

    def after(self, moment: datetime) -> datetime:
        """The first time it is due after a moment."""


@dataclass(frozen=True)
class Every:
    """Again after a while."""

    pause: timedelta

    def after(self, moment: datetime) -> datetime:
        return moment + self.pause


@dataclass(frozen=True)
class Daily:
    """Once a day by the clock on the wall; in the night that skips the hour, as soon as it is over."""

    at: time
    zone: tzinfo | None = None

    def after(self, moment: datetime) -> datetime:
        zone = self.zone or timezone.get_default_timezone()
        day = moment.astimezone(zone).date()
        while (due := datetime.combine(day, self.at, zone).astimezone(moment.tzinfo)) <= moment:
            day += timedelta(days=1)
        return due


@dataclass(frozen=True)
class Monthly:
    """Once a month: the first time that the clock on the wall says it in a new month."""

    daily: Daily

    def after(self, moment: datetime) -> datetime:
        due = self.daily.after(moment)
        while due.astimezone(self.daily.zone or timezone.get_default_timezone()).day != 1:
            due = self.daily.after(due)
        return due


SCHEDULES: dict[str, tuple[Job[[]], Rule]] = {}


def every(pause: str) -> Callable[[Job[[]]], Job[[]]]:
    """Run a job again and again: "30 seconds", "1 hour", "2 days"."""
    match = re.fullmatch(r"(\d+) (second|minute|hour|day)s?", pause)
    if not match or not int(match[1]):
        raise ValueError(f'{pause!r} is no pause; say "30 seconds", "1 hour" or "2 days".')
    return _schedule(Every(timedelta(seconds=int(match[1]) * UNITS[match[2]])))


def daily(*, at: str) -> Callable[[Job[[]]], Job[[]]]:
    """Run a job once a day, at a time of the instance's zone: "03:00"."""
    return _schedule(Daily(time.fromisoformat(at)))


def monthly(*, at: str) -> Callable[[Job[[]]], Job[[]]]:
    """Run a job on the first day of each month, at a time of the instance's zone: "04:00"."""
    return _schedule(Monthly(Daily(time.fromisoformat(at))))


def defer_due(now: datetime | None = None) -> int:
    """Queue the jobs that are due. Returns how many."""
    now = now or timezone.now()
    known = set(NextRun.objects.values_list("name", flat=True))
    new = [NextRun(name=name, next_at=rule.after(now)) for name, (_job, rule) in SCHEDULES.items() if name not in known]
    NextRun.objects.bulk_create(new, ignore_conflicts=True)
    return sum(_defer(name, now) for name in SCHEDULES)


def forget_unknown() -> None:
    """Drop the rows of schedules that the program no longer has."""
    NextRun.objects.exclude(name__in=SCHEDULES).delete()


def _schedule(rule: Rule) -> Callable[[Job[[]]], Job[[]]]:
    def register(job: Job[[]]) -> Job[[]]:
        SCHEDULES[job.name] = (job, rule)
        return job

    return register


def _defer(name: str, now: datetime) -> bool:
    job, rule = SCHEDULES[name]
    with transaction.atomic():
        due = NextRun.objects.select_for_update(skip_locked=True).filter(name=name, next_at__lte=now).first()
        if due is None:
            return False
        due.next_at, due.last_at = rule.after(now), now
        due.save()
        return job.defer_once("schedule") is not None
