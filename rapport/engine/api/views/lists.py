"""Lists of records: filtered, ordered, a page at a time."""

from typing import Any

from django.http import HttpResponse

from rapport.engine.api.asking import read_list
from rapport.engine.api.call import Call, answer
from rapport.engine.api.presenting import STAMPS, items_of
from rapport.engine.api.problems import bad_parameter
from rapport.engine.records.queries import BadCursor, count, page
from rapport.engine.records.queries.filtered import steadily


def list_records(call: Call, slug: str) -> HttpResponse:
    """A page of records, the cursor of the next, and how many there are where that was asked for."""
    rtype = call.record_type(slug)
    asked = read_list(call, rtype)
    fields = [*STAMPS, *asked.fields]
    given = call.request.GET
    try:
        with steadily(call.actor, rtype, given.get("where", "") + given.get("view", "")):
            found = page(rtype, asked.rows, fields, order=asked.order, limit=asked.limit, cursor=asked.cursor)
    except BadCursor as error:
        raise bad_parameter("cursor", str(error)) from error
    data: dict[str, Any] = {"items": items_of(call.actor, rtype, asked.fields, found.rows), "next": found.next}
    if asked.exact_count is not None:
        counted = count(asked.rows, exact=asked.exact_count)
        data["count"] = {"value": counted.value, "exact": counted.exact}
    return answer(data)
