"""Which background loop fails, since when and why; a loop that runs well has no row."""

from django.db import models


class LoopTrouble(models.Model):
    """A loop that raised the last time it ran."""

    name = models.TextField(primary_key=True)
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    error = models.TextField()

    class Meta:
        db_table = "job_loop_trouble"
