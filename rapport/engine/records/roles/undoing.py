"""Undo leaves roles to administrators, and those that somebody has come to have."""

from collections.abc import Collection
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.events.images import type_name
from rapport.engine.events.models.journaled import Journaled
from rapport.engine.events.undo.reach import limits
from rapport.engine.events.undo.references import also_used
from rapport.engine.records.gate import POLICIES
from rapport.engine.records.models import Role
from rapport.engine.records.roles.actions import users_with


def roles_of_administrators(actor: Actor, about_type: str, keys: Collection[UUID]) -> set[UUID]:
    """The roles among the rows, for whoever is no administrator or not there in person."""
    is_out = about_type == type_name(Role) and (not actor.is_admin or actor.kind == "token")
    return set(keys) if is_out else set()


def roles_in_use(model: type[Journaled], keys: Collection[UUID]) -> set[UUID]:
    """Those of the roles that users have. One from the first day is there without its row."""
    if model is not Role:
        return set()
    rows = Role.objects.filter(pk__in=keys).exclude(slug__in=POLICIES)
    by_slug = dict(rows.values_list("slug", "pk"))
    had = users_with(list(by_slug)).values_list("role", flat=True)
    return {by_slug[role] for role in had}


limits.append(roles_of_administrators)
also_used.append(roles_in_use)
