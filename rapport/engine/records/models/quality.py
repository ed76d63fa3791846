"""Quality of data: rules that a good record meets, what was confirmed, and what follows from both for each record."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.models import Journaled

PENDING = 256  # kB of entries that wait to be sorted into an index: each count reads them all


class QualityRule(Journaled):
    """What good records of a type meet: `good` of those to which it `applies`, both filters over the record itself.

    A rule about freshness has `months` instead: so long a value counts since it was changed or confirmed. A row with
    the id of a rule that is there from the first day holds what administrators made of it.
    """

    class Kind(models.TextChoices):
        """What a rule is about."""

        COMPLETE = "complete", _("Complete")
        VALID = "valid", _("Valid")
        FRESH = "fresh", _("Fresh")

    record_type = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    label = models.CharField(max_length=120)
    applies = models.TextField(blank=True, default="")
    good = models.TextField(blank=True, default="")
    months = models.PositiveSmallIntegerField(null=True)
    weight = models.PositiveSmallIntegerField(default=1)
    position = models.IntegerField(default=0)
    is_on = models.BooleanField(default=True)

    class Meta:
        db_table = "quality_rule"
        verbose_name = _("quality rule")
        verbose_name_plural = _("quality rules")

    def __str__(self) -> str:
        return self.label


class Confirmation(Journaled):
    """Somebody has made sure that a field of a record is still right."""

    record_type = models.CharField(max_length=60)
    record_id = models.UUIDField()
    field = models.CharField(max_length=60)

    class Meta:
        db_table = "confirmation"
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        indexes = [models.Index(fields=["record_id", "field"], name="confirmed_of_record")]


class FieldSeen(models.Model):
    """When a field of a record was last changed and last confirmed; of what has no row, when the record was made."""

    pk = models.CompositePrimaryKey("record_id", "field")
    record_id = models.UUIDField()
    field = models.CharField(max_length=60)
    changed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    objects: ClassVar["models.Manager[FieldSeen]"] = models.Manager()

    class Meta:
        db_table = "field_seen"


class RecordQuality(models.Model):
    """How good a record is, 0 to 100 in all and by kind, empty where no rule applies; and the rules it fails."""

    record_id = models.UUIDField(primary_key=True)
    record_type = models.CharField(max_length=60)
    quality = models.DecimalField(max_digits=3, decimal_places=0, null=True)
    complete = models.DecimalField(max_digits=3, decimal_places=0, null=True)
    valid = models.DecimalField(max_digits=3, decimal_places=0, null=True)
    fresh = models.DecimalField(max_digits=3, decimal_places=0, null=True)
    failing = ArrayField(models.UUIDField(), default=list)

    objects: ClassVar["models.Manager[RecordQuality]"] = models.Manager()

    class Meta:
        db_table = "record_quality"
        indexes = [
            models.Index(fields=["quality", "record_id"], name="quality_in_order"),
            GinIndex(fields=["failing"], name="quality_failing", gin_pending_list_limit=PENDING),
        ]


class QualityFill(models.Model):
    """With which rules, and for which day, all records of a type were last judged."""

    record_type = models.CharField(max_length=60, primary_key=True)
    rules = models.CharField(max_length=64, blank=True, default="")
    day = models.DateField(null=True)

    objects: ClassVar["models.Manager[QualityFill]"] = models.Manager()

    class Meta:
        db_table = "quality_fill"


class QualityDay(models.Model):
    """The average quality of the records of a type on one day."""

    pk = models.CompositePrimaryKey("record_type", "day")
    record_type = models.CharField(max_length=60)
    day = models.DateField()
    average = models.DecimalField(max_digits=4, decimal_places=1)
    records = models.BigIntegerField()

    objects: ClassVar["models.Manager[QualityDay]"] = models.Manager()

    class Meta:
        db_table = "quality_day"
