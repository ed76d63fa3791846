"""The work of imports in the background: staging, checking, running, undoing, and clearing what is old."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.events.errors import CannotUndo, NotAllowed
from rapport.engine.jobs.database import is_lost_connection
from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.schedules import daily
from rapport.engine.records.imports import doing
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.notices import tell
from rapport.engine.records.imports.staging import clear
from rapport.engine.records.models import ImportRun

KEEP = timedelta(days=30)
State = ImportRun.State


@job(label=__("Import"))
def work(progress: Reporter, run_id: UUID) -> None:
    """Do what the run's state says, to the next place where somebody decides."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None or not run.is_working:
        return
    total = run.rows or None
    try:
        doing.go_on(run, lambda done: progress.report(done, total=total, message=run.name))
    except (ImportRefused, NotAllowed, CannotUndo) as error:
        fail(run, str(error))
    except Exception as error:
        if not is_lost_connection(error):
            fail(run, _("Something broke here. The error has been noted; what was imported so far can be undone."))
        raise
    run.refresh_from_db()
    if run.state in (State.DONE, State.UNDONE, State.FAILED):
        tell(run)


def fail(run: ImportRun, words: str) -> None:
    """Stop with a sentence. What is written stays, and can be taken back."""
    ImportRun.objects.filter(pk=run.pk).update(state=State.FAILED, error=words)


@daily(at="04:10")
@job(label=__("Clear old imports"))
def clear_old_imports(progress: Reporter) -> None:
    """Drop the staged rows of imports that are a month old; what they did stays in the journal."""
    for run in ImportRun.objects.filter(created_at__lt=timezone.now() - KEEP, cleared_at=None):
        clear(run)
        ImportRun.objects.filter(pk=run.pk).update(cleared_at=timezone.now())
        progress.report(0)
