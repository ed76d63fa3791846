"""A person: someone the organisation serves, wants to serve, or works with."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.fields.json import KeyTextTransform as Text
from django.db.models.fields.json import KeyTransform as Key
from django.db.models.functions import Upper

from rapport.engine.events.models import LeanJSON
from rapport.engine.records.folding import fold_key
from rapport.engine.records.models import Record

WAITING = 64  # kB that wait to be sorted into an index: each look-up reads all of it


def of_first(column: str, key: str) -> models.GeneratedField:
    """A stored column with one part of the first entry of a list."""
    return models.GeneratedField(
        expression=Text(key, Key(0, column)), output_field=models.TextField(null=True), db_persist=True
    )


class Person(Record):
    """`name` is the whole of the name; first and last name are its parts where they are known."""

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"name_fold"})
    journal_by_entry: ClassVar[frozenset[str]] = frozenset({"emails", "phones", "addresses", "tags"})

    first_name = models.CharField(max_length=1000, blank=True)
    last_name = models.CharField(max_length=1000, blank=True)
    name = models.CharField(max_length=1000, blank=True)
    name_fold = models.TextField(db_collation="C", editable=False)
    salutation = models.CharField(max_length=1000, blank=True)
    emails = LeanJSON(default=list, blank=True)
    phones = LeanJSON(default=list, blank=True)
    addresses = LeanJSON(default=list, blank=True)
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    birthday = models.DateField(null=True, blank=True)
    stage = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=1000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    tags = ArrayField(models.TextField(), default=list, blank=True)
    do_not_contact = models.BooleanField(default=False)
    email = of_first("emails", "email")
    phone = of_first("phones", "phone")
    city = of_first("addresses", "city")
    country = of_first("addresses", "country")

    class Meta:
        db_table = "person"
        indexes = [
            models.Index(fields=["name_fold", "id"], name="person_by_name"),
            models.Index(fields=["created_at", "id"], name="person_by_creation"),
            models.Index(fields=["changed_at", "id"], name="person_by_change"),
            models.Index(fields=["email", "id"], name="person_by_email"),
            models.Index(fields=["stage", "id"], name="person_by_stage"),
            models.Index(fields=["stage", "created_at", "id"], name="person_in_lanes"),
            models.Index(fields=["owner", "id"], name="person_by_owner"),
            models.Index(fields=["owner", "created_at", "id"], name="person_of_owner"),
            models.Index(Upper("city"), "id", name="person_in_city"),
            models.Index(fields=["country", "id"], name="person_by_country"),
            models.Index(fields=["deleted_at"], name="person_deleted", condition=models.Q(deleted_at__isnull=False)),
            GinIndex(OpClass("name_fold", "gin_trgm_ops"), name="person_name_parts"),
            GinIndex(OpClass("emails", "jsonb_path_ops"), name="person_emails", fastupdate=False),
            GinIndex(OpClass("phones", "jsonb_path_ops"), name="person_phones", gin_pending_list_limit=WAITING),
            GinIndex(fields=["tags"], name="person_tags"),
        ]

    def __str__(self) -> str:
        return self.name

    def derive(self) -> None:
        """The fold key follows the name."""
        self.name_fold = fold_key(self.name)
