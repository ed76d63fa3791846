"""What the journal noted within a time."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from rapport.engine.accounts.audit.sections import Asked
from rapport.engine.events.images import type_name
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import Journaled, JournalEntry

AT_ONCE = 500


def facts(asked: Asked, *kinds: str) -> Iterator[JournalEntry]:
    """The facts of these kinds with what they say, oldest first."""
    return _with_values(_within(asked).filter(kind__in=kinds))


def changes(asked: Asked, *models: type[Journaled]) -> Iterator[JournalEntry]:
    """The changes of rows of these tables with what they say, oldest first."""
    kinds = ("created", "changed", "deleted", "restored")
    return _with_values(_within(asked).filter(kind__in=kinds, about_type__in=[type_name(one) for one in models]))


def _within(asked: Asked) -> "QuerySet[JournalEntry]":
    return JournalEntry.objects.filter(at__gt=asked.since, at__lte=asked.until)


def _with_values(entries: "QuerySet[Any]") -> Iterator[JournalEntry]:
    left = entries.order_by("id").iterator(AT_ONCE)
    while some := list(islice(left, AT_ONCE)):
        yield from with_payloads(some)
