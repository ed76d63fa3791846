"""What there is: the record types, and the description of everything for machines."""

from django.http import HttpResponse

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.call import Call, answer
from rapport.engine.api.openapi import document
from rapport.engine.api.views.records import not_modified
from rapport.engine.records.gate import may
from rapport.engine.records.registry import record_types


def root(call: Call) -> HttpResponse:
    """The record types that the actor may read."""
    refuse_unknown(call.request, set())
    return answer({"record_types": [one.slug for one in record_types() if may(call.actor, one, "read")]})


def openapi(call: Call) -> HttpResponse:
    """The OpenAPI description, of what this actor may see."""
    refuse_unknown(call.request, set())
    return not_modified(call, answer(document(call.actor)))
