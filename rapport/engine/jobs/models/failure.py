"""Why a job failed: one row for each try that raised, and for each worker that died over it."""

from django.db import models


class Failure(models.Model):
    """One failed try of a job. `was_killed`: the worker ended without a word, so nobody knows why."""

    id = models.BigAutoField(primary_key=True)
    job_id = models.BigIntegerField()
    attempt = models.PositiveIntegerField()
    at = models.DateTimeField()
    error = models.TextField()
    details = models.TextField(default="")
    was_killed = models.BooleanField(default=False)

    class Meta:
        db_table = "job_failure"
        indexes = [models.Index(fields=["job_id", "-id"], name="job_failure_job")]
