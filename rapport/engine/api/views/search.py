"""Search over all record types, as the palette does it."""

from django.http import HttpResponse

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.call import Call, answer
from rapport.engine.records.search import search


def find(call: Call) -> HttpResponse:
    """At most twenty records of each type, best first within their type."""
    refuse_unknown(call.request, {"q"})
    found = search(call.actor, call.request.GET.get("q", ""))
    items = [
        {
            "type": result.type,
            "id": str(result.id),
            "title": result.title,
            "beside": list(result.beside),
            "reason": result.reason,
        }
        for group in found.groups
        for result in group.results
    ]
    return answer({"items": items})
