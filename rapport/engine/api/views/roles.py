"""Roles over the API, for administrators, to read: programs never change who may do what."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.call import Call, answer
from rapport.engine.api.problems import not_found
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.gate.policies import as_json
from rapport.engine.records.roles.queries import RoleShown, find_shown, roles_shown


def list_roles(call: Call) -> HttpResponse:
    """All roles. Administrators only."""
    require_admin(call.actor)
    refuse_unknown(call.request, set())
    return answer({"items": [item_of(one) for one in roles_shown()]})


def show_role(call: Call, key: str) -> HttpResponse:
    """One role. Administrators only."""
    require_admin(call.actor)
    refuse_unknown(call.request, set())
    found = find_shown(key)
    if found is None:
        raise not_found()
    return answer(item_of(found))


def require_admin(actor: Actor) -> None:
    """Raise NotAllowed for whoever may not know who may do what."""
    if not actor.is_admin:
        raise NotAllowed(_("Only administrators read roles and teams."))


def item_of(role: RoleShown) -> dict[str, Any]:
    """A role as JSON. `policies` are by record type, `*` for all others."""
    said = {"slug": role.slug, "name": role.name, "purpose": role.purpose, "built_in": role.is_built_in}
    return said | {"users": role.users, "version": role.version, "policies": as_json(role.policies)}
