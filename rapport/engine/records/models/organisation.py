"""The organisation that this instance belongs to: there is exactly one."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models

from rapport.engine.events.models import Journaled

THE_ONE = UUID(int=1)


class Organisation(Journaled):
    """Name, and the defaults by which values are read: country of phone numbers, currency, time zone, language."""

    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    time_zone = models.CharField(max_length=60, default="UTC")
    language = models.CharField(max_length=10, default="en")

    class Meta:
        db_table = "organisation"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
