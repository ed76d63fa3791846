"""The world before and after, row by row, and merging in a line."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet

from rapport.engine.events.act import open_act
from rapport.engine.events.images import image
from rapport.engine.records import merging
from rapport.engine.records.registry import record_type

TABLES = (
    "customers.Person", "customers.Company", "customers.Membership", "customers.CompanyRelation", "activities.Note",
    "records.Thing", "records.ExternalId", "records.Share",
)  # fmt: skip


def world() -> dict[UUID, dict[str, Any]]:
    """Every row with every column that the journal keeps, and whether it is live."""
    found: dict[UUID, dict[str, Any]] = {}
    for name in TABLES:
        model: Any = apps.get_model(name)
        rows: QuerySet[Any] = QuerySet(model)
        found |= {row.pk: {**image(row), "table": name, "is live": not row.is_deleted} for row in rows}
    return found


def merge(user, slug, survivor, *others, **takes):
    """Merge as somebody; what is read anew is the survivor."""
    rtype = record_type(slug)
    rows = list(rtype.rows().filter(pk__in=[row.pk for row in (survivor, *others)]))
    with open_act(user.actor) as act:
        return merging.merge_records(act, rtype, rows, survivor=survivor.pk, takes=takes)


def part(user, merged, goes=None):
    """Un-merge as somebody."""
    with open_act(user.actor) as act:
        outcome = merging.unmerge(act, merged, goes=goes or {})
    return outcome, act.batch


def fresh(row):
    """A row as it stands now."""
    return type(row)._default_manager.get(pk=row.pk)
