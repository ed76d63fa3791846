"""Judging all records of a type: after its rules changed, and each night what time alone has changed."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Avg, Count
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.turns import take_turns
from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.schedules import every
from rapport.engine.records.definitions import check_again, today
from rapport.engine.records.models import QualityDay, QualityFill, RecordQuality
from rapport.engine.records.quality.reading import is_judged, judged_types, quality_rules
from rapport.engine.records.quality.working import TURN, rescore_rows
from rapport.engine.records.registry import RecordType, find_record_type

SLICE = 10_000


@job(label=_("Work out the quality of records"), retry=3, alone="quality of records")
def fill_quality(progress: Reporter, slug: str) -> None:
    """Judge all records of a type, slice by slice, then keep the average of the day."""
    check_again()
    rtype = find_record_type(slug)
    if rtype is None or not is_judged(rtype):
        return
    stamp, day = quality_rules(rtype).stamp, today()
    total = QualityDay.objects.filter(record_type=slug).order_by("-day").values_list("records", flat=True).first()
    for done in _slices(rtype):
        progress.report(done, total=total)
    QualityFill.objects.update_or_create(record_type=slug, defaults={"rules": stamp, "day": day})
    keep_day(rtype)


def is_being_worked_out(rtype: RecordType) -> bool:
    """Whether the kept numbers are still those of other rules."""
    filled = QualityFill.objects.filter(record_type=rtype.slug).values_list("rules", flat=True).first()
    return filled != quality_rules(rtype).stamp


def begin(rtype: RecordType) -> None:
    """Have the records of a type judged for the first time, unless they were."""
    if not QualityFill.objects.filter(record_type=rtype.slug).exists():
        fill_quality.defer_once(rtype.slug, rtype.slug)


def keep_day(rtype: RecordType) -> None:
    """Keep the average quality of a type today."""
    judged = RecordQuality.objects.filter(record_type=rtype.slug).exclude(quality=None)
    found = judged.aggregate(average=Avg("quality"), records=Count("pk"))
    if found["records"]:
        found["average"] = round(found["average"], 1)
        QualityDay.objects.update_or_create(record_type=rtype.slug, day=today(), defaults=found)


@every("10 minutes")
@job(label=_("Quality of records, day by day"))
def judge_for_today(_progress: Reporter) -> None:
    """Once a new day has begun in the zone of the house, or the rules are others, judge all records anew."""
    check_again()
    filled = {row.record_type: row for row in QualityFill.objects.all()}
    for rtype in judged_types():
        rules, was = quality_rules(rtype), filled.get(rtype.slug)
        if was is None and not rules.every:
            continue
        if was is None or was.rules != rules.stamp or was.day != today():
            fill_quality.defer_once(rtype.slug, rtype.slug)


def _slices(rtype: RecordType) -> Iterator[int]:
    """Judge slice after slice, and say how many are done. Who follows the journal waits for the slice at work."""
    done, last = 0, None
    while keys := list(_after(rtype, last)):
        with transaction.atomic():
            take_turns(TURN)
            rescore_rows(rtype, rtype.rows().filter(pk__gte=keys[0], pk__lte=keys[-1]))
        last = keys[-1]
        done += len(keys)
        yield done


def _after(rtype: RecordType, last: UUID | None) -> "models.QuerySet[Any, UUID]":
    rows = rtype.rows() if last is None else rtype.rows().filter(pk__gt=last)
    return rows.order_by("pk").values_list("pk", flat=True)[:SLICE]
