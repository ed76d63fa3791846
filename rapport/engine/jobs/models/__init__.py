"""What the queue keeps beside Procrastinate's own tables: progress, failures, schedules and troubled loops."""

from rapport.engine.jobs.models.failure import Failure
from rapport.engine.jobs.models.loop_trouble import LoopTrouble
from rapport.engine.jobs.models.next_run import NextRun
from rapport.engine.jobs.models.progress import Progress

__all__ = ["Failure", "LoopTrouble", "NextRun", "Progress"]
