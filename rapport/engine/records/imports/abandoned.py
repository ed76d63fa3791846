"""Imports that nobody works at any more: their process was killed, or their job was given up."""

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from rapport.engine.records.imports.holding import is_in_hand
from rapport.engine.records.imports.jobs import fail, work
from rapport.engine.records.models import ImportRun
from rapport.engine.records.models.imports import WORKING

WAITING = ("todo", "doing")


def resume_abandoned() -> None:
    """Give runs whose process died to the worker, and stop those whose job was given up, so that people can go on."""
    for run in ImportRun.objects.filter(state__in=WORKING):
        with transaction.atomic():
            held = ImportRun.objects.select_for_update(skip_locked=True).filter(pk=run.pk, state=run.state).first()
            if held is not None and not is_in_hand(held):
                _resume(held)


def _resume(run: ImportRun) -> None:
    jobs = ProcrastinateJob.objects.filter(task_name=work.name, args__run_id=str(run.pk))
    last = jobs.order_by("-id").values_list("status", flat=True).first()
    if last in WAITING:
        return
    if last is None or last == "succeeded":
        work.defer(run_id=run.pk)
        return
    words = _("The work on this import was broken off. What was imported so far stays, and can be taken back.")
    if run.state == ImportRun.State.RUNNING:
        ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.PAUSED, wish="", error=words)
    else:
        fail(run, words)
