"""The lanes of a board: records put apart by the value of one field, the first of each in one statement."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Subquery
from django.db.models.lookups import Exact, In

from rapport.engine.records.fields import Field
from rapport.engine.records.filters.conditions import filled
from rapport.engine.records.filters.conditions.asked import Asked
from rapport.engine.records.filters.conditions.happened import changes, is_followed
from rapport.engine.records.filters.tree import Op
from rapport.engine.records.queries.listing import Order, Page, first_pages
from rapport.engine.records.queries.summing import key_of
from rapport.engine.records.registry import RecordType

# The key of the lane of those without a value.
NOTHING = None
Key = Any


def in_lane(rtype: RecordType, field: Field, key: Key) -> Q:
    """What makes a record one of a lane: the value itself is compared, so that an index on it serves."""
    if key is NOTHING and field.type.name == "choice" and _never_null(rtype, field):
        return Q(In(field.expression(), [""]))
    if key is NOTHING:
        return ~filled(Asked(field, rtype, Op.FILLED, ()))
    if field.type.name == "choice":
        return Q(In(field.expression(), [key]))
    return Q(Exact(key_of(rtype, field), key))


def first_in_lanes(
    rtype: RecordType,
    rows: "QuerySet[Any]",
    fields: Sequence[Field],
    *,
    by: Field,
    keys: Sequence[Key],
    order: Order,
    limit: int,
) -> Mapping[Key, Page]:
    """The first records of each lane in the list's order, all of them read by one statement."""
    lanes = [rows.filter(in_lane(rtype, by, key)) for key in keys]
    return dict(zip(keys, first_pages(rtype, lanes, fields, order=order, limit=limit), strict=True))


def in_lane_since(rtype: RecordType, field: Field, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """When the field of each record was last changed, as the journal tells, else when it was made; one query.

    Empty for a field whose changes the journal does not tell.
    """
    if not ids or not is_followed(rtype, field):
        return {}
    last = changes(rtype, field).order_by("-at").values("at")[:1]
    rows = rtype.rows().filter(pk__in=ids).annotate(lane_since=Subquery(last))
    found = rows.values_list("pk", "lane_since", "created_at")
    return {key: since or created for key, since, created in found}


def _never_null(rtype: RecordType, field: Field) -> bool:
    return not field.custom and not getattr(rtype.model._meta.get_field(field.path), "null", True)
