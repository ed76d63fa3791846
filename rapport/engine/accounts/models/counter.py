"""What all processes remember together for a while: how often somebody has tried."""

from django.db import models


class Remembered(models.Model):
    """A row of Django's database cache, whose columns these are."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "remembered"
