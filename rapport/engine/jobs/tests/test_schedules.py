"""Schedules: what is due when, made up once, and never twice."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from rapport.engine.jobs import queries
from rapport.engine.jobs.jobs import clear_old_jobs
from rapport.engine.jobs.models import NextRun
from rapport.engine.jobs.schedules import SCHEDULES, Daily, Monthly, defer_due, every
from rapport.engine.jobs.tests.support import run_waiting_jobs

OSLO = ZoneInfo("Europe/Oslo")


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize("wrong", ["", "1", "hour", "0 minutes", "1 fortnight", "1.5 hours"])
def test_a_pause_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="is no pause"):
        every(wrong)


def test_daily_keeps_the_clock_on_the_wall_when_summer_ends_and_begins():
    rule = Daily(time(3, 0), OSLO)
    assert rule.after(at(2026, 10, 24, 12)) == at(2026, 10, 25, 2)
    assert rule.after(at(2026, 10, 24, 0, 30)) == at(2026, 10, 24, 1)
    assert rule.after(at(2026, 3, 28, 12)) == at(2026, 3, 29, 1)


def test_daily_comes_once_in_the_nights_that_skip_and_repeat_an_hour():
    rule = Daily(time(2, 30), OSLO)
    moments = [at(2026, 3, 27)]
    while moments[-1] < at(2026, 4, 1):
        moments.append(rule.after(moments[-1]))
    assert [moment.astimezone(OSLO).date().day for moment in moments[1:]] == [27, 28, 29, 30, 31, 1]
    moments = [at(2026, 10, 23)]
    while moments[-1] < at(2026, 10, 28):
        moments.append(rule.after(moments[-1]))
    assert [moment.astimezone(OSLO).date().day for moment in moments[1:]] == [23, 24, 25, 26, 27, 28]


def test_monthly_comes_on_the_first_day_by_the_clock_on_the_wall():
    rule = Monthly(Daily(time(0, 30), OSLO))
    moments = [at(2026, 10, 31, 20)]
    while moments[-1] < at(2027, 4, 1):
        moments.append(rule.after(moments[-1]))
    local = [moment.astimezone(OSLO) for moment in moments[1:]]
    assert [(one.month, one.day, one.hour, one.minute) for one in local] == [
        (11, 1, 0, 30), (12, 1, 0, 30), (1, 1, 0, 30), (2, 1, 0, 30), (3, 1, 0, 30), (4, 1, 0, 30), (5, 1, 0, 30),
    ]  # fmt: skip
    assert rule.after(moments[1]) == moments[2]


@pytest.mark.django_db
def test_missed_runs_are_made_up_once():
    now = at(2026, 11, 1)
    defer_due(now)
    assert queries.jobs() == []
    NextRun.objects.update(next_at=now - timedelta(days=10))
    assert defer_due(now) == len(SCHEDULES)
    assert defer_due(now) == 0
    assert {row.name for row in queries.jobs()} == set(SCHEDULES)
    assert all(run.next_at > now for run in NextRun.objects.all())


@pytest.mark.django_db
def test_a_run_is_left_out_while_the_last_one_waits():
    now = at(2026, 11, 1)
    defer_due(now)
    for day in range(1, 4):
        defer_due(now + timedelta(days=day))
    assert len(queries.jobs()) == len(SCHEDULES)
    run_waiting_jobs()
    defer_due(now + timedelta(days=5))
    assert len([row for row in queries.jobs() if row.name == clear_old_jobs.name]) == 2
