"""Two tables for tests: shelves, which hold each other, and books, which have a column of every type."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Upper

from rapport.engine.events.models import Journaled, LeanJSON


class Shelf(Journaled):
    """Its name is unique among the live ones."""

    name = models.TextField()
    inside = models.ForeignKey("self", models.PROTECT, null=True)

    class Meta:
        app_label = "events_tests"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name"], condition=models.Q(deleted_at=None), name="shelf_name_is_unique")
        ]


class Book(Journaled):
    """A column of every type, with and without null, defaults that are not empty, derived and secret ones."""

    title = models.TextField(default="")
    shelf = models.ForeignKey(Shelf, models.PROTECT, null=True)
    language = models.CharField(max_length=10, default="en")
    note = models.TextField(null=True)
    pages = models.IntegerField(default=0)
    copies = models.BigIntegerField(null=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    ratio = models.DecimalField(max_digits=30, decimal_places=10, default=0)
    weight = models.FloatField(null=True)
    in_print = models.BooleanField(default=True)
    signed = models.BooleanField(null=True)
    published = models.DateField(null=True)
    read_out_at = models.TimeField(null=True)
    lent_at = models.DateTimeField(null=True)
    length = models.DurationField(null=True)
    token = models.UUIDField(null=True)
    cover = models.BinaryField(null=True)
    address = models.GenericIPAddressField(null=True)
    tags = ArrayField(models.TextField(), default=list)
    reprints = ArrayField(models.DateField(null=True), null=True)
    prices = ArrayField(models.DecimalField(max_digits=8, decimal_places=2), default=list)
    custom = models.JSONField(default=dict)
    emails = LeanJSON(default=list)
    extra = models.JSONField(null=True)
    fold = models.TextField(default="")
    secret = models.TextField(default="")
    loud = models.GeneratedField(expression=Upper("title"), output_field=models.TextField(), db_persist=True)

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"fold", "secret"})
    journal_by_key: ClassVar[frozenset[str]] = frozenset({"custom"})

    class Meta:
        app_label = "events_tests"

    def derive(self) -> None:
        self.fold = self.title.casefold()
