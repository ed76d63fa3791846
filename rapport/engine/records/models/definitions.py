"""What an instance defines in the browser: choices of lists, custom fields, and the stamp that tells they changed."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from rapport.engine.events.models import Journaled


class Choice(Journaled):
    """One option of a configurable list, such as the life-cycle stages. `value` is permanent, `label` may change."""

    list = models.TextField()
    value = models.CharField(max_length=60)
    label = models.CharField(max_length=100)
    colour = models.CharField(max_length=10, blank=True)
    position = models.IntegerField(default=0)

    class Meta:
        db_table = "choice"
        constraints = [
            models.UniqueConstraint(
                fields=["list", "value"], condition=models.Q(deleted_at=None), name="choice_once_in_a_list"
            )
        ]


class CustomField(Journaled):
    """A field made by an administrator. Its values live in the `custom` column of its record type, under `slug`.

    With a formula it is computed, and they live in the table beside; `type` is what the formula gives.
    """

    record_type = models.CharField(max_length=60)
    slug = models.CharField(max_length=60)
    label = models.CharField(max_length=100)
    type = models.CharField(max_length=20)
    help = models.CharField(max_length=300, blank=True)
    required = models.BooleanField(default=False)
    unique = models.BooleanField(default=False)
    searchable = models.BooleanField(default=False)
    indexed = models.BooleanField(default=False)
    personal = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=60, blank=True)
    formula = models.TextField(blank=True, default="", db_default="")
    default = models.JSONField(null=True)
    position = models.IntegerField(default=0)

    class Meta:
        db_table = "custom_field"
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "slug"], condition=models.Q(deleted_at=None), name="custom_field_slug_once"
            )
        ]


class FieldIndexes(models.Model):
    """What the database has built for a custom field: names of its valid indexes, and why the last build failed.

    Of a computed field also the formula with which its column was filled, and for which day; it has a column once it
    stands here.
    """

    field_id = models.UUIDField(primary_key=True)
    built = models.JSONField(default=list)
    filled = models.TextField(blank=True, default="", db_default="")
    filled_for = models.DateField(null=True)
    error = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())

    objects: ClassVar["models.Manager[FieldIndexes]"] = models.Manager()

    class Meta:
        db_table = "field_indexes"


class DefinitionStamp(models.Model):
    """One row whose number rises with every change to definitions, so that each process reads them anew."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    stamp = models.BigIntegerField(default=1)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "definition_stamp"
