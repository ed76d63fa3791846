"""What search knows of each record: folded names, and terms that say from which field they come."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func

PENDING = 256  # kB of entries that wait to be sorted into an index: each search reads them all


class TermsField(models.Field):  # type: ignore[type-arg]  # generic only to the checker
    """A tsvector of lexemes such as `emails=amara@fjellfjord.no`, made by us and not by a text parser."""

    def db_type(self, connection: Any) -> str:
        return "tsvector"


class LastWordFirst(Func):
    """A name as a list of surnames has it: its last word, then all of it."""

    template = "(split_part(%(expressions)s, ' ', -1) || ' ' || %(expressions)s)"
    output_field = models.TextField(db_collation="C")


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
                fields=["owner_id", "record_type", "names"],
                name="search_own_by_name",
                condition=models.Q(owner_id__isnull=False),
            ),
            models.Index(F("record_type"), LastWordFirst(F("names")), name="search_by_last_word"),
            GinIndex(fields=["terms"], name="search_terms", gin_pending_list_limit=PENDING),
        ]


class SearchWord(models.Model):
    """A word of some name: what may have been meant by a misspelt one.

    Nothing keeps one from standing here twice, so that slices of imports never wait for each other.
    """

    id = models.BigAutoField(primary_key=True)
    word = models.TextField(db_collation="C")

    class Meta:
        db_table = "search_word"
        indexes = [
            models.Index(fields=["word"], name="search_word_known"),
            GinIndex(OpClass("word", "gin_trgm_ops"), name="search_word_alike", gin_pending_list_limit=PENDING),
        ]
