"""A page of a list by keyset: the cost of a page does not depend on how deep it lies."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, UUIDField
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext as _

from rapport.engine.records.computed.side import load
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Field
from rapport.engine.records.fields.computed import RECORD, SideColumn
from rapport.engine.records.fields.keys import order_key
from rapport.engine.records.registry import RecordType

BOOKKEEPING = {"created_at": "created_at", "changed_at": "changed_at", "deleted_at": "deleted_at"}
SORTED_BY, TIED_BY = "sorted_by", "tied_by"
MAX_LIMIT = 200
SIGNER = signing.Signer(sep=".", salt="rapport.cursor")


class BadCursor(ValueError):
    """A cursor that this list did not give out."""


@dataclass(frozen=True)
class Order:
    """By which column, or expression put there, a list is sorted. Rows without a value come last; ties go by id.

    `tie` is the id as it stands beside the expression, where an index knows both of them.
    """

    slug: str
    path: str
    descending: bool
    expression: Any = None
    tie: Any = None

    @property
    def text(self) -> str:
        return f"-{self.slug}" if self.descending else self.slug

    def column(self, rtype: RecordType) -> "models.Field[Any, Any]":
        """What kind of values it sorts."""
        return self.expression.output_field if self.expression else self.column_of(rtype.model)

    def column_of(self, model: "type[models.Model]") -> "models.Field[Any, Any]":
        """The column of a table where it is sorted by one."""
        found = model._meta.get_field(self.path)
        assert isinstance(found, models.Field)
        return found


@dataclass(frozen=True)
class Page:
    """Rows as dicts by field slug, with `id` and `version`, and the cursors of the pages around."""

    rows: list[dict[str, Any]]
    next: str | None
    previous: str | None


def parse_order(rtype: RecordType, text: str, hidden: frozenset[str] = frozenset()) -> Order:
    """Read `name` or `-created_at`. Raises Invalid for what cannot be sorted by."""
    slug = text.removeprefix("-")
    if slug in BOOKKEEPING:
        return Order(slug, BOOKKEEPING[slug], text.startswith("-"))
    field = rtype.field(slug)
    if field is None or slug in hidden:
        raise Invalid(_("There is no field “%(slug)s” to sort by.") % {"slug": slug[:60]})
    if not field.sortable and field.custom and field.type.orders:
        words = _("This list can be sorted by “%(label)s” once an administrator marks the field as often searched.")
        raise Invalid(words % {"label": field.label})
    if not field.sortable and field.computed and field.type.orders:
        raise Invalid(_("This list can be sorted by “%(label)s” in a moment: its index is being built.")
                      % {"label": field.label})  # fmt: skip
    if not field.sortable:
        raise Invalid(_("This list cannot be sorted by “%(label)s”.") % {"label": field.label})
    key = order_key(field)
    if isinstance(key, F):
        return Order(slug, key.name, text.startswith("-"))
    tie = SideColumn(field.computed.table, RECORD, UUIDField()) if field.computed else None
    return Order(slug, SORTED_BY, text.startswith("-"), key, tie)


def page(
    rtype: RecordType,
    rows: "models.QuerySet[Any]",
    fields: Sequence[Field],
    *,
    order: Order,
    limit: int = 50,
    cursor: str = "",
) -> Page:
    """The rows after a cursor (or before one, when the cursor says so), with the values of the fields."""
    place = _read_cursor(cursor, rtype, order) if cursor else None
    backwards = place is not None and place.backwards
    found = _fetch(_ordered_by(rows, order), _columns(fields, order), order, place, limit + 1)
    more = len(found) > limit
    found = found[:limit][::-1] if backwards else found[:limit]
    has_next, has_previous = (True, more) if backwards else (more, place is not None)
    return Page(
        rows=_by_slug(fields, found),
        next=_cursor(found[-1], order, backwards=False) if found and has_next else None,
        previous=_cursor(found[0], order, backwards=True) if found and has_previous else None,
    )


def page_or_first(
    rtype: RecordType, rows: "models.QuerySet[Any]", fields: Sequence[Field], *, order: Order, limit: int, cursor: str
) -> Page:
    """The rows after a cursor; the first ones where the cursor is not this list's."""
    try:
        return page(rtype, rows, fields, order=order, limit=limit, cursor=cursor)
    except BadCursor:
        return page(rtype, rows, fields, order=order, limit=limit)


def first_pages(
    lists: "Sequence[models.QuerySet[Any]]", fields: Sequence[Field], *, order: Order, limit: int
) -> list[Page]:
    """The first rows of each of several lists of a type, all in one query. No page has one before it."""
    columns, walks = _columns(fields, order), []
    for rows in lists:
        walks.append(_walks(_ordered_by(rows, order), order, None))
    marked = [
        walk.annotate(walked=models.Value(1000 * index + step, models.IntegerField())).values(*columns, "walked")
        for index, steps in enumerate(walks)
        for step, walk in enumerate(steps)
    ]
    cut = [one[: limit + 1] for one in marked]
    found = sorted(cut[0].union(*cut[1:], all=True) if cut else [], key=lambda row: row["walked"])
    shown = iter(_by_slug(fields, found))
    by_list: list[list[tuple[Any, Any]]] = [[] for _rows in lists]
    for row in found:
        by_list[row["walked"] // 1000].append((row, next(shown)))
    return [
        Page(
            rows=[shown for _row, shown in pairs[:limit]],
            next=_cursor(pairs[limit - 1][0], order, backwards=False) if len(pairs) > limit else None,
            previous=None,
        )
        for pairs in by_list
    ]


def next_after(rows: "models.QuerySet[Any]", order: Order, key: UUID) -> UUID | None:
    """The id of the row that follows one of the rows in this order."""
    rows = _ordered_by(rows, order)
    here = rows.filter(pk=key).values("pk", order.path).first()
    if here is None:
        return None
    found = _fetch(rows, ["pk", order.path], order, _Place(here[order.path], key, backwards=False), 1)
    return found[0]["pk"] if found else None


def _ordered_by(rows: "models.QuerySet[Any]", order: Order) -> "models.QuerySet[Any]":
    if order.expression:
        rows = rows.annotate(**{SORTED_BY: order.expression})
    return rows.annotate(**{TIED_BY: order.tie}) if order.tie else rows


@dataclass(frozen=True)
class _Place:
    """A row's place in an order: its value, its id, and in which direction to go on from there."""

    value: Any
    id: UUID
    backwards: bool


def _fetch(
    rows: "models.QuerySet[Any]", columns: Sequence[str], order: Order, place: _Place | None, limit: int
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for walk in _walks(rows, order, place):
        if len(found) < limit:
            found += walk.values(*columns)[: limit - len(found)]
    return found


def _walks(rows: "models.QuerySet[Any]", order: Order, place: _Place | None) -> "list[models.QuerySet[Any]]":
    """Rows with a value, then those without: each walk goes straight along an index, from the place on."""
    backwards = place is not None and place.backwards
    down = order.descending != backwards
    sign = "-" if down else ""
    ordered = rows.order_by(f"{sign}{order.path}", f"{sign}{TIED_BY if order.tie else 'pk'}")
    if order.expression is None and not _may_be_null(order.column_of(rows.model)):
        return [ordered.filter(_beyond(order, place, down)) if place else ordered]
    filled = ordered.filter(**{f"{order.path}__isnull": False})
    empty = rows.filter(**{f"{order.path}__isnull": True}).order_by(f"{sign}pk")
    if place is None:
        return [filled, empty]
    if place.value is not None:
        filled = filled.filter(_beyond(order, place, down))
        return [filled] if backwards else [filled, empty]
    empty = empty.filter(Q(pk__lt=place.id) if down else Q(pk__gt=place.id))
    return [empty, filled] if backwards else [empty]


def _may_be_null(column: "models.Field[Any, Any]") -> bool:
    """Of a generated column what it generates says so, and not the column."""
    made = column.output_field if isinstance(column, models.GeneratedField) else column
    return made is None or made.null


def _beyond(order: Order, place: _Place, down: bool) -> Any:
    lookup = TupleLessThan if down else TupleGreaterThan
    return lookup(Tuple(F(order.path), F(TIED_BY if order.tie else "pk")), (place.value, place.id))


def _columns(fields: Sequence[Field], order: Order) -> list[str]:
    columns = {"pk": None, "version": None, order.path: None}
    for field in fields:
        if field.custom:
            columns["custom"] = None
        elif field.through is None and field.computed is None:
            columns |= dict.fromkeys(field.columns(field.type.empty))
    return list(columns)


def _by_slug(fields: Sequence[Field], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = [row["pk"] for row in found]
    elsewhere = {f.slug: f.through.load(keys) for f in fields if f.through and found} | _beside(fields, keys)
    return [
        {"id": row["pk"], "version": row["version"]} | {field.slug: _value(field, row, elsewhere) for field in fields}
        for row in found
    ]


def _beside(fields: Sequence[Field], keys: Sequence[UUID]) -> dict[str, dict[UUID, Any]]:
    """The values of computed fields by slug and record."""
    found = load(fields, keys)
    return {field.slug: {key: found[key][field.slug] for key in keys} for field in fields if field.computed}


def _value(field: Field, row: Mapping[str, Any], elsewhere: Mapping[str, Mapping[UUID, Any]]) -> Any:
    if field.through or field.computed:
        return elsewhere[field.slug].get(row["pk"])
    if field.custom:
        return field.type.from_custom(row["custom"].get(field.slug))
    return field.type.read(_Row(row), field.column)


class _Row:
    """A dict whose keys are read as attributes, so that types read it like a model's row."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        return self._values[name]


def _cursor(row: Mapping[str, Any], order: Order, *, backwards: bool) -> str:
    value = row[order.path]
    if isinstance(value, datetime):
        value = value.astimezone(UTC).isoformat()
    elif isinstance(value, Decimal | date | UUID):
        value = str(value)
    parts = ["b" if backwards else "f", order.text, value, str(row["pk"])]
    return SIGNER.sign(base64.urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode())


def _read_cursor(text: str, rtype: RecordType, order: Order) -> _Place:
    try:
        given_out = SIGNER.unsign(text)
        parts = orjson.loads(base64.urlsafe_b64decode(given_out + "=" * (-len(given_out) % 4)))
        direction, ordered_by, value, key = parts
        place = order.column(rtype)
        if direction not in ("b", "f") or ordered_by != order.text:
            raise BadCursor(_("This cursor belongs to another list."))
        return _Place(None if value is None else place.to_python(value), UUID(key), direction == "b")
    except (ValueError, TypeError, binascii.Error, signing.BadSignature, ValidationError) as error:
        raise BadCursor(_("This cursor cannot be read; start again without one.")) from error
