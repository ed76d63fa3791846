"""Helping with the check of a large file: workers that have nothing else to do take portions of it."""

from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.records.imports.checking import Checker
from rapport.engine.records.imports.doing import import_actor, type_of
from rapport.engine.records.imports.portions import check_some
from rapport.engine.records.models import ImportRun

THIS_PROCESS = str(uuid4())


def call_for_help(run: ImportRun, round_: UUID) -> None:
    """Ask the workers for help; who comes when all is done finds nothing to do."""
    help_check.defer(run_id=run.pk, round_=round_, asked_by=THIS_PROCESS)


@job(label=_("Help to check an import"))
def help_check(progress: Reporter, run_id: UUID, round_: UUID, asked_by: str) -> None:
    """Check portions until none is left; not within the process that asked, which would only share its time."""
    run = ImportRun.objects.filter(pk=run_id, state=ImportRun.State.CHECKING).first()
    if run is None or asked_by == THIS_PROCESS:
        return
    checker = Checker(run, import_actor(run), type_of(run))
    check_some(round_, checker.check_rows, lambda done: progress.report(done, total=run.rows, message=run.name))
