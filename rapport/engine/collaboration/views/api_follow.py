"""Following a record over the API, by the same actions as its page."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from rapport.engine.api.additions import Addition, add_addresses
from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call, answer, gone
from rapport.engine.api.endpoint import endpoint
from rapport.engine.api.openapi.fields import FLAG, operation
from rapport.engine.api.problems import Problem, escape, not_found
from rapport.engine.collaboration.following import Level, follow, level_of, unfollow
from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.records.gate import may, visible
from rapport.engine.records.registry import RecordType, record_types

Json = dict[str, Any]
REF: Json = {"$ref": "#/components/schemas/Follow"}


def show(call: Call, slug: str, key: str) -> HttpResponse:
    """What one hears of a record."""
    rtype, row, user = _asked(call, slug, key)
    return answer(_item(user, rtype, row))


def put(call: Call, slug: str, key: str) -> HttpResponse:
    """Follow a record, or follow it more or less."""
    rtype, row, user = _asked(call, slug, key)
    body = object_of(call.body)
    if strange := [name for name in body if name != "level"]:
        errors = [
            {"pointer": f"/{escape(name)}", "detail": _("There is no “%(name)s” here.") % {"name": name[:60]}}
            for name in strange
        ]
        raise Problem("unknown-field", _("Nothing was written."), errors=errors)
    with call.act() as act:
        follow(act, rtype, row, str(body.get("level") or ""))
    return answer(_item(user, rtype, row), batch=act.batch)


def stop(call: Call, slug: str, key: str) -> HttpResponse:
    """Follow a record no more."""
    rtype, row, _user = _asked(call, slug, key)
    with call.act() as act:
        unfollow(act, rtype, row)
    return gone(act.batch)


def _asked(call: Call, slug: str, key: str) -> tuple[RecordType, Any, UUID]:
    """A live record that the actor sees, of a type whose records stand for themselves, and who they are."""
    refuse_unknown(call.request, set())
    rtype, found, user = call.record_type(slug), read_id(key), call.actor.user_id
    row = visible(call.actor, rtype).filter(pk=found).first() if found and not rtype.sees_as else None
    if row is None or user is None:
        raise not_found()
    return rtype, row, user


def _item(user: UUID, rtype: RecordType, row: Any) -> Json:
    level, is_said = level_of(user, rtype, row)
    return {"level": level, "said": is_said}


def _schemas() -> Json:
    level: Json = {"enum": list(Level.values)}
    said = {**FLAG, "description": _("Whether one said so; else it is what is usual for an owner, a member or others")}
    new: Json = {"type": "object", "required": ["level"], "properties": {"level": level}, "additionalProperties": False}
    shown: Json = {"level": level, "said": said}
    return {
        "Follow": {"type": "object", "required": list(shown), "properties": shown},
        "Follow.put": new,
    }


def _paths(actor: Actor) -> Json:
    place: Json = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    found: Json = {}
    for rtype in record_types():
        if rtype.sees_as or rtype.section is None or not may(actor, rtype, "read"):
            continue
        name = f"{rtype.slug}.follow"
        found[f"/{rtype.slug}/{{id}}/follow"] = {
            "parameters": [place],
            "get": operation(f"{name}.show", _("What one hears of it"), {"200": REF}),
            "put": operation(f"{name}.put", _("Follow it"), {"200": REF}, body="Follow.put"),
            "delete": operation(f"{name}.stop", _("Follow it no more"), {"204": None}),
        }
    return found


ROUTE = path("<str:slug>/<str:key>/follow", endpoint(get=show, put=put, delete=stop), name="follow")
add_addresses(Addition([ROUTE], _paths, _schemas))
