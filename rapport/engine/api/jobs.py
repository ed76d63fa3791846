"""Clearing: stored answers are kept for a day."""

from django.utils.translation import gettext_lazy as _

from rapport.engine.api.idempotency import forget_old_answers
from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.schedules import every


@every("1 hour")
@job(label=_("Clear old answers of the API"))
def clear_old_answers(progress: Reporter) -> None:
    """Forget what repeated requests would have been answered with."""
    forget_old_answers()
