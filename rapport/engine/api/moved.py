"""Old addresses of records that were merged: they lead to the survivor, for ever and for every method."""

from collections.abc import Mapping

from django.http import HttpResponse

from rapport.engine.api.call import Call
from rapport.engine.events.ids import read_id
from rapport.engine.records.gate import may, visible
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.survivors import survivor_of


def moved(call: Call, place: Mapping[str, str]) -> HttpResponse | None:
    """308 to the same address of the survivor, if the one named was merged and the actor sees where it lives on."""
    rtype, key = find_record_type(place.get("slug", "")), read_id(place.get("key", ""))
    if rtype is None or key is None or not may(call.actor, rtype, "read"):
        return None
    survivor = survivor_of(rtype, key)
    if survivor is None or not visible(call.actor, rtype).filter(pk=survivor).exists():
        return None
    response = HttpResponse(status=308)
    response["Location"] = call.request.get_full_path().replace(place["key"], str(survivor), 1)
    return response
