"""What search knows of each record: folded names, and terms that say from which field they come."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

PENDING = 256  # kB of entries that wait to be sorted into an index: each search reads them all


class TermsField(models.Field):  # type: ignore[type-arg]  # generic only to the checker
    """A tsvector of lexemes such as `emails=amara@fjellfjord.no`, made by us and not by a text parser."""

    def db_type(self, connection: Any) -> str:
        return "tsvector"


class SearchDocument(models.Model):
    """One record for search. It follows the journal, and `rapport reindex` makes it anew from the record.

    A child, such as a note, is found as its parent. The version keeps a slow rebuild from overwriting a newer document.
    """

    record_id = models.UUIDField(primary_key=True)
    record_type = models.CharField(max_length=60)
    parent_type = models.CharField(max_length=60, blank=True)
    parent_id = models.UUIDField(null=True)
    names = models.TextField(db_collation="C")
    terms = TermsField()
    owner_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "search_document"
        indexes = [
            models.Index(fields=["record_type", "names"], name="search_by_name"),
            models.Index(
                fields=["owner_id", "names"], name="search_by_owner", condition=models.Q(owner_id__isnull=False)
            ),
            GinIndex(fields=["terms"], name="search_terms", gin_pending_list_limit=PENDING),
            GinIndex(OpClass("names", "gin_trgm_ops"), name="search_names_alike", gin_pending_list_limit=PENDING),
        ]
