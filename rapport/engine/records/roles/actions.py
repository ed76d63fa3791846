"""What administrators do with roles: make, change, copy and delete them. All of it can be undone."""

import re
from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.events.act import Act
from rapport.engine.events.actor import ADMIN, Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.turns import take_turns
from rapport.engine.records.errors import EditConflict, FieldConflict, ValidationFailed
from rapport.engine.records.folding import fold, fold_key
from rapport.engine.records.gate import POLICIES, known_roles, policies_of, role_name
from rapport.engine.records.gate.policies import as_json
from rapport.engine.records.models import Role
from rapport.engine.records.roles.reading import read_policies

LONGEST_NAME, LONGEST_SLUG, MOST = 100, 16, 100


def create_role(act: Act, raw: Mapping[str, Any]) -> Role:
    """Make a role from `name`, `purpose` and `policies` as typed or sent. Raises ValidationFailed and NotAllowed."""
    require_roles(act.actor)
    take_turns("roles")
    if len(known_roles()) >= MOST:
        raise ValidationFailed({"name": _("At most %(most)d roles can be kept.") % {"most": MOST}})
    name = name_of(raw.get("name"))
    policies = as_json(read_policies(raw.get("policies") or {}))
    return act.create(Role(slug=_free_slug(name), name=name, purpose=_purpose(raw), policies=policies))


def change_role(act: Act, role: str, raw: Mapping[str, Any], *, version: int | None = None) -> Role:
    """Change what a role is called or grants. Of one that is there from the first day, this makes the row.

    Raises EditConflict with what somebody else saved since a version, ValidationFailed and NotAllowed.
    """
    require_roles(act.actor)
    take_turns("roles")
    if role == ADMIN:
        raise NotAllowed(_("Administrators may do everything; this cannot be changed."))
    if role not in known_roles():
        raise ValidationFailed({"role": _("There is no such role.")})
    kept = find_role(role)
    row = act.lock(kept) if kept else _row_of(act, role)
    values: dict[str, Any] = {}
    if "name" in raw:
        values["name"] = name_of(raw["name"], role)
    if "purpose" in raw:
        values["purpose"] = _purpose(raw)
    if "policies" in raw:
        values["policies"] = as_json(read_policies(raw["policies"]))
    if kept and version is not None and kept.version > version:
        others = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
        if others:
            raise EditConflict([FieldConflict(name, was, values[name]) for name, was in others.items()], row.version)
    act.change(row, **values)
    return row


def copy_role(act: Act, role: str, name: str) -> Role:
    """A new role that grants the same."""
    return create_role(act, {"name": name, "policies": as_json(policies_of(role))})


def delete_role(act: Act, role: str) -> None:
    """Take a role away that nobody has any more. Raises NotAllowed."""
    require_roles(act.actor)
    row = find_role(role)
    if row is None or role in POLICIES:
        raise NotAllowed(_("This role is there from the first day and cannot be deleted."))
    if (having := users_with([role]).count()) > 0:
        raise NotAllowed(
            ngettext(
                "%(count)d user has this role. Give them another one first.",
                "%(count)d users have this role. Give them another one first.",
                having,
            )
            % {"count": having}
        )
    act.delete(row)


def find_role(role: str) -> Role | None:
    """The row of a role; None if there is none, or none yet."""
    return Role.objects.filter(slug=role, deleted_at=None).first()


def users_with(roles: list[str]) -> "QuerySet[Any]":
    """The users who have one of these roles."""
    return get_user_model()._default_manager.filter(role__in=roles, deleted_at=None)


def name_of(raw: Any, role: str = "") -> str:
    """A name as typed, for a new role or one that there is. Raises ValidationFailed for one that is had or too long."""
    name = " ".join(str(raw or "").split())
    if not name or len(name) > LONGEST_NAME:
        raise ValidationFailed({"name": _("Give it a name of at most %(most)d characters.") % {"most": LONGEST_NAME}})
    if fold_key(name) in {fold_key(role_name(one)) for one in known_roles() if one != role}:
        raise ValidationFailed({"name": _("There is a role of this name.")})
    return name


def require_roles(actor: Actor) -> None:
    """Raise NotAllowed for whoever may not make roles: all but administrators, and programs."""
    if not actor.is_admin or actor.kind == "token":
        raise NotAllowed(_("Only administrators can manage roles."))


def _row_of(act: Act, role: str) -> Role:
    """A row for a role from the first day: a new one, or that of a change which was taken back."""
    values = {"name": role_name(role), "policies": as_json(policies_of(role))}
    gone = Role.objects.filter(slug=role).first()
    if gone is None:
        return act.create(Role(slug=role, **values))
    act.restore(gone)
    act.change(gone, **values)
    return gone


def _purpose(raw: Mapping[str, Any]) -> str:
    return " ".join(str(raw.get("purpose") or "").split())[:300]


def _free_slug(name: str) -> str:
    """A slug that no role ever had, for a deleted one can come back."""
    base = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:LONGEST_SLUG] or "role"
    taken = {*POLICIES, *Role.objects.filter(slug__startswith=base).values_list("slug", flat=True)}
    tries = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(one for one in tries if one not in taken)
