"""Reads of roles: what there is, and how many have each."""

from collections import Counter
from dataclasses import dataclass

from rapport.engine.records.definitions import definitions
from rapport.engine.records.gate import POLICIES, Policies, known_roles, policies_of, role_name
from rapport.engine.records.roles.actions import users_with


@dataclass(frozen=True)
class RoleShown:
    """A role with how many users have it. `version` is 0 for one that is there from the first day and never changed."""

    slug: str
    name: str
    purpose: str
    version: int
    users: int

    @property
    def is_built_in(self) -> bool:
        return self.slug in POLICIES

    @property
    def policies(self) -> Policies:
        return policies_of(self.slug)


def roles_shown() -> list[RoleShown]:
    """All roles, those from the first day first."""
    roles = known_roles()
    having = Counter(users_with(roles).values_list("role", flat=True))
    return [_shown(one, having[one]) for one in roles]


def find_shown(role: str) -> RoleShown | None:
    """A role by its slug."""
    return _shown(role, users_with([role]).count()) if role in known_roles() else None


def _shown(role: str, users: int) -> RoleShown:
    kept = definitions().roles.get(role)
    purpose, version = (kept.purpose, kept.version) if kept else ("", 0)
    return RoleShown(role, role_name(role), purpose, version, users)
