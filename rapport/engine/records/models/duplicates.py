"""Tables of duplicates: what was learned, keys, pairs and clusters; and what people said of them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.models import Journaled

LIVE = models.Q(deleted_at=None)


class DuplicateScan(models.Model):
    """The last scan of a record type: when it was, what it found, and the weights that it learned."""

    record_type = models.CharField(max_length=60, primary_key=True)
    shape = models.JSONField(default=list)
    model = models.JSONField(default=dict)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    records = models.BigIntegerField(default=0)
    pairs = models.BigIntegerField(default=0)
    clusters = models.BigIntegerField(default=0)
    figures = models.JSONField(default=dict)
    is_wanted = models.BooleanField(default=False)

    objects: "ClassVar[models.Manager[DuplicateScan]]" = models.Manager()

    class Meta:
        db_table = "duplicate_scan"

    def __str__(self) -> str:
        return self.record_type


class DuplicateKey(models.Model):
    """By which keys a record is compared. The version keeps a slow scan from overwriting what is newer."""

    record_id = models.UUIDField(primary_key=True)
    record_type = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    keys = ArrayField(models.BigIntegerField())

    objects: "ClassVar[models.Manager[DuplicateKey]]" = models.Manager()

    class Meta:
        db_table = "duplicate_key"
        indexes = [GinIndex(fields=["keys"], name="duplicate_keys", fastupdate=False)]


class DuplicatePair(models.Model):
    """Two records that seem to be one, with what each comparison says: no values, for these stay in the records."""

    id = models.BigAutoField(primary_key=True)
    record_type = models.CharField(max_length=60)
    one = models.UUIDField()
    other = models.UUIDField()
    probability = models.FloatField()
    reasons = models.JSONField(default=dict)

    objects: "ClassVar[models.Manager[DuplicatePair]]" = models.Manager()

    class Meta:
        db_table = "duplicate_pair"
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="duplicate_pair_once")]
        indexes = [models.Index(fields=["other"], name="duplicate_pair_of_other")]


class DuplicateCluster(models.Model):
    """Records that seem to be one; `score` is the probability of their weakest link."""

    id = models.BigAutoField(primary_key=True)
    record_type = models.CharField(max_length=60)
    members = ArrayField(models.UUIDField())
    score = models.FloatField()

    objects: "ClassVar[models.Manager[DuplicateCluster]]" = models.Manager()

    class Meta:
        db_table = "duplicate_cluster"
        indexes = [
            models.Index(fields=["record_type", "-score", "id"], name="duplicate_strongest"),
            GinIndex(fields=["members"], name="duplicate_members", fastupdate=False),
        ]


class NotSame(Journaled):
    """Two records of which somebody said that they are two, the lesser id first. No scan suggests them together."""

    record_type = models.CharField(max_length=60)
    one = models.UUIDField()
    other = models.UUIDField()

    class Meta:
        db_table = "not_same"
        verbose_name = _("“not the same”")
        verbose_name_plural = _("“not the same”")
        indexes = [models.Index(fields=["other"], name="not_same_other", condition=LIVE)]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], condition=LIVE, name="not_same_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="not_same_in_order"),
        ]


class DuplicateSetting(Journaled):
    """What is done by itself with the duplicates of a record type; without a row, nothing."""

    record_type = models.CharField(max_length=60)
    merges_certain = models.BooleanField(default=False)

    class Meta:
        db_table = "duplicate_setting"
        verbose_name = _("setting of duplicates")
        verbose_name_plural = _("settings of duplicates")
        constraints = [models.UniqueConstraint(fields=["record_type"], condition=LIVE, name="duplicate_setting_once")]
