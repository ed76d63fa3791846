"""Duplicates over the API: what looks like one, and what is said to be two."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call, answer
from rapport.engine.api.problems import not_found
from rapport.engine.events.ids import read_id
from rapport.engine.records.duplicates import doors
from rapport.engine.records.errors import Invalid, ValidationFailed
from rapport.engine.records.registry import RecordType


def list_duplicates(call: Call, slug: str) -> HttpResponse:
    """Clusters of records that look like one, strongest first, with what speaks for and against by field."""
    refuse_unknown(call.request, {"cursor"})
    rtype = _type(call, slug)
    found = doors.clusters_for(call.actor, rtype, cursor=call.request.GET.get("cursor", ""))
    return answer({"items": [_item(one) for one in found.items], "next": found.next or None})


def say_not_the_same(call: Call, slug: str) -> HttpResponse:
    """Remember for ever that the records named are not the same."""
    refuse_unknown(call.request, set())
    rtype = _type(call, slug)
    with call.act() as act:
        try:
            made = doors.not_the_same(act, rtype, _ids(object_of(call.body).get("records")))
        except Invalid as refused:
            raise ValidationFailed({"records": str(refused)}) from refused
    return answer({"pairs": [[str(one.one), str(one.other)] for one in made]}, batch=act.batch)


def _type(call: Call, slug: str) -> RecordType:
    rtype = call.record_type(slug)
    if not doors.finds_duplicates(rtype):
        raise not_found()
    return rtype


def _item(cluster: doors.Cluster) -> dict[str, object]:
    return {
        "score": cluster.score,
        "records": [str(row.pk) for row in cluster.records],
        "pairs": [
            {
                "records": [str(one.one), str(one.other)],
                "probability": one.probability,
                "reasons": {slug: {"answer": label, "weight": bits} for slug, (label, bits) in one.reasons.items()},
            }
            for one in cluster.pairs
        ],
    }


def _ids(given: object) -> list[UUID]:
    keys = [read_id(one) if isinstance(one, str) else None for one in given] if isinstance(given, list) else [None]
    found = [key for key in keys if key is not None]
    if len(found) < len(keys):
        raise ValidationFailed({"records": _("A list of ids is expected here.")})
    return found
