"""Making the whole index anew from the records, in slices and with constant memory."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.records.definitions import check_again
from rapport.engine.records.models import SearchDocument
from rapport.engine.records.registry import RecordType, find_record_type, record_types
from rapport.engine.records.search.documents import documents, forget, rows_to_read, write
from rapport.engine.records.search.terms import searched

SLICE = 1_000


@job(label=_("Make the search index anew"), retry=3)
def rebuild_type(progress: Reporter, slug: str) -> None:
    """Make the documents of one record type anew."""
    check_again()
    rtype = find_record_type(slug)
    if rtype is None:
        return
    for done in rebuild(rtype):
        progress.report(done)


def rebuild(rtype: RecordType) -> Iterator[int]:
    """Write every document of a type, slice by slice, then drop those without a live record. Yields how many are done.

    What changes meanwhile is safe: a document is overwritten only by one of the same or a later version.
    """
    done = 0
    last: UUID | None = None
    while rows := list(_after(rtype, last)):
        with transaction.atomic():
            write(documents(rtype, rows))
        last = rows[-1].pk
        done += len(rows)
        yield done
    sweep(rtype)


def sweep_unknown() -> None:
    """Drop the documents of types that are no more."""
    known = [one.slug for one in record_types()]
    SearchDocument._default_manager.exclude(record_type__in=known).delete()


def sweep(rtype: RecordType) -> None:
    """Drop the documents of records that are not there."""
    last: UUID | None = None
    while keys := list(_indexed_after(rtype.slug, last)):
        live = rtype.rows().filter(pk__in=keys, deleted_at=None) if searched(rtype) else rtype.rows().none()
        forget(set(keys) - set(live.values_list("pk", flat=True)))
        last = keys[-1]


def _after(rtype: RecordType, last: UUID | None) -> "models.QuerySet[Any]":
    rows = rows_to_read(rtype).filter(deleted_at=None) if searched(rtype) else rtype.rows().none()
    rows = rows if last is None else rows.filter(pk__gt=last)
    return rows.order_by("pk")[:SLICE]


def _indexed_after(slug: str, last: UUID | None) -> "models.QuerySet[Any, Any]":
    rows = SearchDocument._default_manager.filter(record_type=slug)
    rows = rows if last is None else rows.filter(pk__gt=last)
    return rows.order_by("pk").values_list("pk", flat=True)[:SLICE]
