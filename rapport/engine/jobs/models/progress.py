"""How far a running job has come."""

from datetime import timedelta

from django.db import models


class Progress(models.Model):
    """What a job last said about itself. `begun_with` is what was done already when this run began."""

    job_id = models.BigIntegerField(primary_key=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    message = models.TextField(default="")
    problems = models.JSONField(default=list)
    begun_at = models.DateTimeField()
    begun_with = models.BigIntegerField(default=0)
    reported_at = models.DateTimeField()

    class Meta:
        db_table = "job_progress"

    @property
    def rows_per_second(self) -> float:
        """Speed of this run, 0 before anything was done."""
        seconds = (self.reported_at - self.begun_at).total_seconds()
        return (self.done - self.begun_with) / seconds if seconds > 0 else 0.0

    @property
    def time_left(self) -> timedelta | None:
        """How long the rest takes at this speed; None while nobody can tell."""
        if self.total is None or not self.rows_per_second:
            return None
        return timedelta(seconds=round(max(self.total - self.done, 0) / self.rows_per_second))
