"""Who refers to a row: what others have come to use is not taken back with the batch that made it."""

from collections.abc import Callable, Collection, Iterator
from functools import cache
from uuid import UUID

from django.db.models import Exists, ForeignKey, OuterRef, Q, QuerySet

from rapport.engine.events.models import JournalEntry
from rapport.engine.events.models.journaled import Journaled

TOUCHING = ("created", "changed", "restored")

# Which of these rows are used in ways that no foreign key shows (custom fields, choices). Filled by rooms above.
Users = Callable[[type[Journaled], Collection[UUID]], set[UUID]]
also_used: list[Users] = []


def in_use(model: type[Journaled], keys: Collection[UUID], *, comers: Q) -> set[UUID]:
    """Those of the rows that a live row has come to refer to, directly or through another of them.

    `comers` tells which of the referring rows count.
    """
    going = set(keys)
    kept: set[UUID] = set()
    while going and (found := _used(model, going, comers | Q(pk__in=kept))):
        kept |= found
        going -= found
    return kept


def touched_since(entry: int, batches: Collection[UUID]) -> Q:
    """Rows that were made, changed or restored after an entry, in other batches than these."""
    entries = JournalEntry.objects.filter(about_id=OuterRef("pk"), id__gt=entry, kind__in=TOUCHING)
    return Q(Exists(entries.exclude(batch__in=batches)))


def _used(model: type[Journaled], going: set[UUID], comers: Q) -> set[UUID]:
    used: set[UUID] = set()
    for child, column in _referring(model):
        rows: QuerySet[Journaled] = QuerySet(child).filter(comers, deleted_at=None, **{f"{column}__in": going})
        used |= set(rows.values_list(column, flat=True).distinct())
    for users in also_used:
        used |= users(model, going) & going
    return used


@cache
def _referring(model: type[Journaled]) -> list[tuple[type[Journaled], str]]:
    """Journaled tables with a foreign key to this one."""
    return [
        (child, field.attname)
        for child in journaled_models()
        for field in child._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is model
    ]


def journaled_models() -> Iterator[type[Journaled]]:
    """Every table that is written through an act."""
    bases = Journaled.__subclasses__()
    while bases:
        base = bases.pop()
        bases += base.__subclasses__()
        if not base._meta.abstract:
            yield base
