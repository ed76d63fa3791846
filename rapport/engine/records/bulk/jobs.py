"""The work of bulk edits in the background, what was broken off, and clearing what is old."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.events.errors import NotAllowed
from rapport.engine.jobs.database import is_lost_connection
from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.queries import last_job
from rapport.engine.jobs.schedules import daily
from rapport.engine.jobs.stopping import Cancelled
from rapport.engine.records.bulk.errors import BulkRefused
from rapport.engine.records.bulk.notices import tell
from rapport.engine.records.bulk.running import go_on, reason_of
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.models import BulkRefusal, BulkRun, BulkSlice

KEEP = timedelta(days=30)
State = BulkRun.State


@job(label=__("Bulk edit"))
def work(progress: Reporter, run_id: UUID) -> None:
    """Go on with a run, from its last slice."""
    run = BulkRun.objects.filter(pk=run_id).first()
    if run is None or not run.is_working:
        return
    try:
        go_on(run, lambda done: progress.report(done, total=run.total or None, message=reason_of(run)))
    except (BulkRefused, NotAllowed, FilterError) as error:
        stop(run, str(error))
    except Cancelled:
        stop(run, broken_off())
        raise
    except Exception as error:
        if not is_lost_connection(error):
            stop(run, _("Something broke here. The error has been noted; what was done so far can be undone."))
        raise
    ended = BulkRun.objects.get(pk=run_id)
    if not ended.is_working:
        tell(ended)


def stop(run: BulkRun, words: str) -> None:
    """Stop with a sentence. What is done stays, can be taken back, and can be gone on with."""
    working = BulkRun.objects.filter(pk=run.pk, state__in=(State.LOOKING, State.RUNNING))
    working.update(state=State.STOPPED, wish="", error=words)


def take_up_abandoned() -> None:
    """Stop the runs whose job was given up, so that people can go on; one that never had a job gets it."""
    for run in BulkRun.objects.filter(state__in=(State.LOOKING, State.RUNNING)):
        with transaction.atomic():
            held = BulkRun.objects.select_for_update(skip_locked=True).filter(pk=run.pk, state=run.state).first()
            last = last_job(work.name, run_id=run.pk)
            if held is None or (last is not None and last.state in ("waiting", "running")):
                continue
            if last is None or last.state == "done":
                work.defer(run_id=run.pk)
            else:
                stop(held, broken_off())


def broken_off() -> str:
    return _("The work was broken off. What was done so far stays, and can be taken back.")


@daily(at="04:15")
@job(label=__("Clear old bulk edits"))
def clear_old_runs(progress: Reporter) -> None:
    """Drop runs that are a month old; what they did stays in the journal."""
    for run in BulkRun.objects.filter(created_at__lt=timezone.now() - KEEP).exclude(state__in=("look", "run")):
        with transaction.atomic():
            BulkRefusal.objects.filter(run_id=run.pk).delete()
            BulkSlice.objects.filter(run_id=run.pk).delete()
            run.delete()
        progress.report(0)
