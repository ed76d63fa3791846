"""Sweeping away who looked at what."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as __

from rapport.engine.collaboration.presence import KEPT, forget_presences
from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.schedules import every


@every("1 hour")
@job(label=__("Forget who looked at what"))
def sweep_presences(progress: Reporter) -> None:
    """Forget presences after a day."""
    forget_presences(before=timezone.now() - KEPT)
