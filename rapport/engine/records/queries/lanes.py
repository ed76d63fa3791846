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
# The version of a record that nobody has changed.
NEW = 1
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
    return dict(zip(keys, first_pages(lanes, fields, order=order, limit=limit), strict=True))


def in_lane_since(rtype: RecordType, field: Field, rows: Sequence[Mapping[str, Any]]) -> dict[UUID, Any]:
    """When the field of each record was last changed, as the journal tells, else when it was made; at most one query.

    Of rows by slug with `id`, `version` and `created_at`. Empty for a field whose changes the journal does not tell.
    """
    if not is_followed(rtype, field):
        return {}
    made = {row["id"]: row["created_at"] for row in rows}
    edited = [row["id"] for row in rows if row["version"] > NEW]
    if not edited:
        return made
    last = Subquery(changes(rtype, field).order_by("-at").values("at")[:1])
    found = rtype.rows().filter(pk__in=edited).annotate(lane_since=last).values_list("pk", "lane_since")
    return made | {key: since for key, since in found if since}


def _never_null(rtype: RecordType, field: Field) -> bool:
    return not field.custom and not getattr(rtype.model._meta.get_field(field.path), "null", True)
