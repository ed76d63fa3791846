"""When a scheduled job is due next."""

from django.db import models


class NextRun(models.Model):
    """One row for each schedule, locked by the worker that defers its job."""

    name = models.TextField(primary_key=True)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "job_next_run"
