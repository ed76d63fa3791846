"""Asks filters, and SQL by hand, by turns, and takes the time that the database needs."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from bench.filling import BenchFault
from bench.filters.questions import Question
from bench.sample import ADMIN

RUNS = 5
LIMIT = 30.0  # seconds that a statement may take
COLUMNS = ("id", "version", "name", "emails", "phones", "stage", "owner_id", "created_at")
PAGE = """SELECT {columns} FROM person p WHERE p.deleted_at IS NULL AND {where}
    ORDER BY created_at DESC, id DESC LIMIT 50"""
COUNT = "SELECT count(*) FROM person p WHERE p.deleted_at IS NULL AND {where}"
DAYS = (14, 30, 90, 180, 365)


@dataclass(frozen=True)
class Compared:
    """Milliseconds of a filter and of the quickest SQL by hand; of what took too long the limit."""

    filter: str
    found: int
    page: float
    page_by_hand: float
    count: float
    count_by_hand: float


class Asking:
    """Asks as the administrator, at the end of the history."""

    def __init__(self, end: datetime) -> None:
        from django.contrib.auth import get_user_model

        user: Any = get_user_model()._default_manager.get(email=ADMIN)
        self.actor, self.now = user.actor, end - timedelta(minutes=1)
        self.group = name_of_a_group()
        moments = {f"d{days}": end - timedelta(days=days) for days in DAYS}
        self.values: dict[str, Any] = {"end": end, "me": user.pk, **moments}

    def compare_all(self, wanted: Sequence[Question]) -> list[Compared]:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {LIMIT * 1000:.0f}")
        found = []
        for one in wanted:
            found.append(self.compare(one))
            print(told(found[-1]), file=sys.stderr, flush=True)
        return found

    def compare(self, question: Question) -> Compared:
        """Raises BenchFault where a filter finds others than the SQL does."""
        text = question.filter.replace("{group}", self.group)
        rows = self._rows(text)
        newest = rows.order_by("-created_at", "-pk").values_list(*COLUMNS)[:50]
        pages, page, page_by_hand = self._race(lambda: list(newest.all()), question, PAGE)
        counts, count, count_by_hand = self._race(lambda: [(rows.order_by().count(),)], question, COUNT)
        if any(found != pages[0] for found in pages) or any(found != counts[0] for found in counts):
            raise BenchFault(f"{text}: not what the SQL finds: {counts}")
        found = counts[0][0] if counts else -1
        return Compared(text, found, page, page_by_hand, count, count_by_hand)

    def _rows(self, text: str) -> Any:
        from rapport.engine.records.queries.filtered import filtered
        from rapport.engine.records.registry import record_type

        return filtered(self.actor, record_type("people"), text, now=self.now, zone=ZoneInfo("UTC"))

    def _race(self, ours: Callable[[], list[Any]], question: Question, around: str) -> tuple[list[Any], float, float]:
        """What each of them finds, our milliseconds, and those of the quickest by hand. By turns, after a warm-up."""
        runners = [
            ours,
            *(self._by_hand(around.format(where=one, columns=", ".join(COLUMNS))) for one in question.by_hand),
        ]
        runs: list[list[float]] = [[] for _runner in runners]
        answers: list[Any] = []
        for turn in range(RUNS + 1):
            for runner, taken in zip(runners, runs, strict=True):
                if taken and taken[-1] >= LIMIT:
                    continue
                seconds, answer = timed(runner)
                if turn == 0 and seconds < LIMIT:
                    answers.append([row[0] for row in answer])
                if turn > 0 or seconds >= LIMIT:
                    taken.append(seconds)
        best, *others = (median(taken) * 1000 for taken in runs)
        return answers, best, min(others)

    def _by_hand(self, statement: str) -> Callable[[], list[Any]]:
        from django.db import connection

        from rapport.engine.records.folding import fold

        values = {**self.values, "group": fold(self.group)}
        asked: Mapping[str, Any] = {name: value for name, value in values.items() if f"%({name})s" in statement}

        def run() -> list[Any]:
            with connection.cursor() as cursor:
                cursor.execute(statement, asked)
                return list(cursor.fetchall())

        return run


def timed(run: Callable[[], list[Any]]) -> tuple[float, list[Any]]:
    """Seconds in the database, planning included, and what was found; LIMIT and nothing where it took too long."""
    from django.db import OperationalError, connection

    seconds = 0.0

    def watch(execute: Any, *arguments: Any) -> Any:
        nonlocal seconds
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            seconds += time.perf_counter() - began

    with connection.execute_wrapper(watch):
        try:
            answer = run()
        except OperationalError:
            return LIMIT, []
    return min(seconds, LIMIT), answer


def name_of_a_group() -> str:
    """What the company above many others is called."""
    from rapport.customers.models import Company

    tops = Company.objects.filter(parent=None, subsidiaries__isnull=False, deleted_at=None)
    return str(tops.order_by("created_at", "pk").values_list("name", flat=True)[0])


def told(one: Compared) -> str:
    page = f"page {one.page:,.1f} / {one.page_by_hand:,.1f} ms"
    return f"{one.filter}: {one.found:,} · {page} · count {one.count:,.1f} / {one.count_by_hand:,.1f} ms"
