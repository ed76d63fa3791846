"""Teams over the API, for administrators, to read: programs never change who may do what."""

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from rapport.engine.accounts.models import TeamMember
from rapport.engine.accounts.rosters import Roster, all_rosters
from rapport.engine.api.additions import Addition
from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.call import Call, answer
from rapport.engine.api.endpoint import endpoint
from rapport.engine.api.openapi.fields import FLAG, TEXT, operation
from rapport.engine.api.views.roles import require_admin
from rapport.engine.events.actor import Actor

Json = dict[str, Any]


def list_teams(call: Call) -> HttpResponse:
    """All teams, those for a time among them. Administrators only."""
    require_admin(call.actor)
    refuse_unknown(call.request, set())
    return answer({"items": [_item_of(one) for one in all_rosters()]})


def _item_of(roster: Roster) -> Json:
    team = roster.team
    return {
        "id": str(team.pk),
        "name": team.name,
        "purpose": team.purpose,
        "parent": str(team.parent_id) if team.parent_id else None,
        "ends_on": team.ends_on.isoformat() if team.ends_on else None,
        "gatherer": str(team.gatherer_id) if team.gatherer_id else None,
        "in_force": not roster.has_ended,
        "members": [_member_of(one) for one in (*roster.members, *roster.invited)],
        "version": team.version,
    }


def _member_of(member: TeamMember) -> Json:
    joined = member.joined_at.isoformat() if member.joined_at else None
    user = {"user": str(member.user_id), "name": str(member.user), "email": member.user.email}
    return {**user, "leads": member.leads, "joined_at": joined}


def _schemas() -> Json:
    key: Json = {"type": "string", "format": "uuid"}
    maybe_key, maybe_day = {**key, "type": ["string", "null"]}, {"type": ["string", "null"], "format": "date"}
    asked = _("Empty while an invitation waits for its answer")
    moment = {"type": ["string", "null"], "format": "date-time", "description": asked}
    member: Json = {"user": key, "name": TEXT, "email": TEXT, "leads": FLAG, "joined_at": moment}
    shown: Json = {
        "id": key, "name": TEXT, "purpose": TEXT, "parent": maybe_key, "ends_on": maybe_day, "gatherer": maybe_key,
        "in_force": FLAG, "version": {"type": "integer"},
        "members": {"type": "array", "items": {"type": "object", "required": list(member), "properties": member}},
    }  # fmt: skip
    return {"Team": {"type": "object", "required": list(shown), "properties": shown}}


def _paths(actor: Actor) -> Json:
    items: Json = {"type": "array", "items": {"$ref": "#/components/schemas/Team"}}
    listed = operation("teams.list", _("The teams"), {"200": {"type": "object", "properties": {"items": items}}})
    return {"/teams": {"get": listed}} if actor.is_admin else {}


TEAMS = Addition([path("teams", endpoint(get=list_teams), name="teams")], _paths, _schemas)
