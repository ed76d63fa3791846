"""Filling the column of a computed field: for all records at once, slice by slice, while the system runs."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.turns import take_turns
from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.schedules import every
from rapport.engine.records.computed.graph import Formula, Key, graph
from rapport.engine.records.computed.tables import ensure_column
from rapport.engine.records.computed.working import (
    TURN,
    Touched,
    has_column,
    spread,
    work_out_all,
    work_out_rows,
)
from rapport.engine.records.custom.indexes import build
from rapport.engine.records.definitions import check_again, today
from rapport.engine.records.models import CustomField, FieldIndexes

SLICE = 5_000


@job(label=_("Work out a computed field"), retry=3, alone="computed fields")
def fill(progress: Reporter, record_type: str, slug: str) -> None:
    """Make the column of a computed field where there is none, work out its values, then build its index."""
    row = CustomField.objects.filter(record_type=record_type, slug=slug, deleted_at=None).exclude(formula="").first()
    if row is None:
        return
    check_again()
    for key in _unfilled(row):
        _fill(progress, key)
    check_again()


def _unfilled(row: CustomField) -> list[Key]:
    """The fields to fill: first those that this one uses and that have no column yet."""
    known = graph()
    wanted = {(row.record_type, row.slug)}
    for key, formula in reversed(list(known.formulas.items())):
        if key in wanted:
            used = {(one.record_type, one.slug) for one in formula.inputs.of}
            wanted |= {one for one in used & known.formulas.keys() if not has_column(known.formulas[one])}
    return [key for key in known.formulas if key in wanted] or sorted(wanted)


def _fill(progress: Reporter, key: Key) -> None:
    row = CustomField.objects.get(record_type=key[0], slug=key[1], deleted_at=None)
    if (error := graph().broken.get(key)) is not None:
        FieldIndexes.objects.filter(pk=row.pk).update(error=error)
        return
    ensure_column(graph().formulas[key].field)
    FieldIndexes.objects.get_or_create(pk=row.pk)
    check_again()
    formula, day = graph().formulas[key], today()
    for done in _slices(formula):
        progress.report(done, total=None)
    FieldIndexes.objects.filter(pk=row.pk).update(filled=row.formula, filled_for=day, error="")
    build(row)


def _slices(formula: Formula) -> Iterator[int]:
    """Work out slice after slice, with all that follows from it, and say how many are done.

    What changes meanwhile is safe: the journal tells of it, the column is followed from the moment it is there, and who
    follows waits for the slice, which may have read a record before the change and written after it.
    """
    done, last = 0, None
    while keys := list(_after(formula, last)):
        last = keys[-1]
        with transaction.atomic():
            take_turns(TURN)
            rows = formula.record_type.rows().filter(pk__gte=keys[0], pk__lte=last)
            touched: Touched = {}
            too_many = spread(formula, work_out_rows(formula, rows), touched)
            too_many |= work_out_all(touched)
            for slug, name in too_many:
                fill.defer_once(f"{slug}.{name}", slug, name)
        done += len(keys)
        yield done


def _after(formula: Formula, last: UUID | None) -> "models.QuerySet[Any, UUID]":
    rows = formula.record_type.rows() if last is None else formula.record_type.rows().filter(pk__gt=last)
    return rows.order_by("pk").values_list("pk", flat=True)[:SLICE]


@every("1 hour")
@job(label=_("Work out what changes from day to day"))
def fill_for_today(_progress: Reporter) -> None:
    """Once a new day has begun in the zone of the house, work out anew the formulas that name today."""
    check_again()
    filled = dict(FieldIndexes.objects.values_list("field_id", "filled_for"))
    for row in CustomField.objects.filter(deleted_at=None).exclude(formula=""):
        formula = graph().formulas.get((row.record_type, row.slug))
        if formula is not None and formula.inputs.is_of_today and filled.get(row.pk) != today():
            fill.defer_once(f"{row.record_type}.{row.slug}", row.record_type, row.slug)
