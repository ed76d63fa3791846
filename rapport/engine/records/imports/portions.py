"""Portions of a file, taken one by one by whoever is free, so that several processes check a large file together."""

from collections import Counter
from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from rapport.engine.events.ids import uuid7
from rapport.engine.records.models import ImportPortion, ImportRun

PORTION = 10_000  # rows

Tally = Counter[str]
CheckRows = Callable[[int, int], Tally]


def lay_out(run: ImportRun) -> UUID:
    """Divide a run's rows anew. Returns the round; who still works at an earlier one finds nothing more to do."""
    ImportPortion.objects.filter(run_id=run.pk).delete()
    round_ = uuid7()
    ImportPortion.objects.bulk_create(
        ImportPortion(round=round_, run_id=run.pk, first=first, last=min(first + PORTION - 1, run.rows))
        for first in range(1, run.rows + 1, PORTION)
    )
    return round_


def check_some(round_: UUID, check_rows: CheckRows, report: Callable[[int], None]) -> None:
    """Check those that nobody has in hand, until there are none."""
    while _check_next(round_, check_rows, skip_locked=True):
        report(_rows_checked(round_))


def check_rest(round_: UUID, check_rows: CheckRows) -> Tally:
    """Wait for those that others have in hand; check them if their process died. Returns what all have counted."""
    while _check_next(round_, check_rows, skip_locked=False):
        pass
    tally: Tally = Counter()
    portions = ImportPortion.objects.filter(round=round_)
    for counted in portions.values_list("tally", flat=True):
        tally.update(counted)
    portions.delete()
    return tally


def _check_next(round_: UUID, check_rows: CheckRows, *, skip_locked: bool) -> bool:
    """Check one portion and commit it whole: if the process dies, the portion is free again. False without one."""
    with transaction.atomic():
        free = ImportPortion.objects.select_for_update(skip_locked=skip_locked).filter(round=round_, is_checked=False)
        portion = free.order_by("first").first()
        if portion is None:
            return False
        tally = check_rows(portion.first, portion.last)
        ImportPortion.objects.filter(round=round_, first=portion.first).update(is_checked=True, tally=dict(tally))
    return True


def _rows_checked(round_: UUID) -> int:
    done = ImportPortion.objects.filter(round=round_, is_checked=True).values_list("first", "last")
    return sum(last - first + 1 for first, last in done)
