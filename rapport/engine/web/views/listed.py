"""What the address of a list asks for: filter, order, columns, layout. Shown otherwise, a list has another address."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest

from rapport.engine.events.ids import read_id
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.gate import mask
from rapport.engine.records.queries import Order, parse_order
from rapport.engine.records.queries.filtered import filtered
from rapport.engine.records.reading import zone_now
from rapport.engine.records.registry import RecordType
from rapport.engine.records.saved.parts import name_parts
from rapport.engine.web.addresses import address
from rapport.engine.web.columns import chosen_columns
from rapport.engine.web.views.finding import actor_of

# What says how a list is shown; it stands in the address, and every link within the list keeps it.
PARTS = (
    "view", "where", "order", "columns", "widths", "group", "totals", "deleted", "layout", "board", "sum", "blank",
    "by", "series", "measure", "chart", "peek", "select", "open",
)  # fmt: skip
# What is open for the moment: a link shows it, what is kept for good leaves it out.
FLEETING = frozenset({"peek", "select", "open"})
LONGEST_ID, LONGEST_OPEN = 36, 180
name_parts([name for name in PARTS if name not in FLEETING])


@dataclass
class Listed:
    """The records that a list shows, in which way, and what was wrong with what was asked."""

    rtype: RecordType
    where: str
    order: Order
    fields: list[Field]
    deleted: bool
    rows: "models.QuerySet[Any]"
    cursor: str = ""
    layout: str = ""
    error: FilterError | None = None
    parts: dict[str, str] = field(default_factory=dict)

    def url(self, **changes: str) -> str:
        """This list with other parts of its address; an empty value leaves a part out."""
        return self.url_of("web:list", **changes)

    def url_of(self, name: str, *args: Any, **changes: str) -> str:
        """Another page about this list, by its name."""
        parts = self.parts | changes
        if parts.get("order") == self.rtype.order:
            parts["order"] = ""
        query = urlencode({name: value for name, value in parts.items() if value})
        path = address(name, self.rtype.slug, *args)
        return f"{path}?{query}" if query else path

    def beside(self, key: object) -> str:
        """This very page of the list with a record open beside it; with none for an empty key."""
        return self.url(cursor=self.cursor, peek=str(key))

    def kept(self, *besides: str) -> dict[str, str]:
        """The parts of the address that a form must send along, but for those that it asks for itself."""
        return {name: value for name, value in self.parts.items() if value and name not in besides}


def listed(request: HttpRequest, rtype: RecordType) -> Listed:
    """Read the address of a list. What cannot be read is left out, but for a filter, whose fault is told."""
    actor = actor_of(request)
    hidden = mask(actor, rtype).hidden
    given = {name: request.GET.get(name, "").strip() for name in PARTS}
    given["open"] = given["open"][:LONGEST_OPEN]
    given["peek"] = str(read_id(given["peek"]) or given["peek"][:LONGEST_ID])
    chosen = chosen_columns(rtype, request.GET.getlist("columns"), hidden)
    try:
        order = parse_order(rtype, given["order"] or rtype.order, hidden)
    except Invalid:
        order = parse_order(rtype, rtype.order)
    asked = Listed(
        rtype, given["where"], order, chosen.fields, given["deleted"] == "1", rtype.rows().none(),
        cursor=request.GET.get("cursor", ""), layout=given["layout"],
    )  # fmt: skip
    asked.parts = given | {"order": order.text, "columns": chosen.text, "deleted": "1" if asked.deleted else ""}
    asked.parts["select"] = "1" if given["select"] == "1" else ""
    try:
        asked.rows = filtered(actor, rtype, asked.where, deleted=asked.deleted, **zone_now())
    except FilterError as error:
        asked.error = error
    return asked
