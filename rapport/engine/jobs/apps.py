"""What happens later: the queue of jobs and their schedules."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "rapport.engine.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Load the `jobs.py` of every room, so that each process knows all jobs."""
        autodiscover_modules("jobs")
        from rapport.engine.jobs.jobs import keep_going
        from rapport.engine.jobs.loops import add_loop

        add_loop("queue upkeep", keep_going, seconds=10)
