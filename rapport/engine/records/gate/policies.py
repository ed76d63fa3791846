"""What roles grant: for each record type how far each verb reaches, and which fields are hidden or locked."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, NamedTuple, get_args

from django.utils.translation import gettext as _

from rapport.engine.events.actor import ADMIN, MEMBER, Actor
from rapport.engine.records.definitions import definitions
from rapport.engine.records.registry import RecordType

Verb = Literal["read", "create", "change", "delete", "export", "import"]
Reach = Literal["none", "own", "team", "tree", "filter", "all"]
EVERY_VERB: tuple[Verb, ...] = get_args(Verb)
EVERY_REACH: tuple[Reach, ...] = get_args(Reach)
EVERY_TYPE = "*"


@dataclass(frozen=True)
class Policy:
    """What a role grants on one record type: how far each verb reaches, and which fields it hides or locks.

    `where` holds the filter, as text, of each verb that reaches what a filter finds.
    """

    reach: Mapping[str, Reach]
    hidden: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()
    where: Mapping[str, str] = field(default_factory=dict)


class Grant(NamedTuple):
    """How far one role lets one verb reach; `where` is its filter."""

    role: str
    reach: Reach
    where: str = ""


FULL = Policy(dict.fromkeys(EVERY_VERB, "all"))
NOTHING = Policy(dict.fromkeys(EVERY_VERB, "none"))

Policies = Mapping[str, Policy]
# The roles that are there from the first day. What administrators made of them stands in the table of roles.
POLICIES: dict[str, dict[str, Policy]] = {ADMIN: {EVERY_TYPE: FULL}, MEMBER: {EVERY_TYPE: FULL}}
_tried: ContextVar[Mapping[str, Policies] | None] = ContextVar("tried", default=None)


def policies_of(role: str) -> Policies:
    """What a role grants, by record type or `*` for all others; nothing for a role that is not there."""
    if (tried := _tried.get()) is not None and role in tried:
        return tried[role]
    kept = definitions().roles.get(role)
    if kept is None or role == ADMIN:
        return POLICIES.get(role, {})
    return definitions().once(("policies", role), partial(read_policies, kept.policies))


@contextmanager
def trying(role: str, policies: Policies) -> Iterator[None]:
    """Within this, the gate answers as if the role granted these policies: so one sees what a change would mean."""
    token = _tried.set({**(_tried.get() or {}), role: policies})
    try:
        yield
    finally:
        _tried.reset(token)


def policies_for(actor: Actor, rtype: RecordType) -> list[tuple[str, Policy]]:
    """The policies of an actor's roles that speak of a type, in the order of their names."""
    found = []
    for role in sorted(actor.roles):
        by_type = policies_of(role)
        if policy := by_type.get(rtype.slug, by_type.get(EVERY_TYPE)):
            found.append((role, policy))
    return found


def known_roles() -> list[str]:
    """The slugs of all roles: those that are there from the first day, then the others by name."""
    made = [one for one in definitions().roles.values() if one.slug not in POLICIES]
    return [*POLICIES, *(one.slug for one in sorted(made, key=lambda one: one.name.casefold()))]


def role_name(role: str) -> str:
    """What a role is called."""
    kept = definitions().roles.get(role)
    if kept is not None:
        return kept.name
    return {ADMIN: _("Administrator"), MEMBER: _("Member")}.get(role, role.capitalize())


def read_policies(kept: Mapping[str, Any]) -> dict[str, Policy]:
    """Policies from the JSON in which roles keep them. What cannot be read grants nothing."""
    return {slug: _read(one) for slug, one in kept.items() if isinstance(one, Mapping)}


def as_json(policies: Policies) -> dict[str, Any]:
    """What `read_policies` reads."""
    return {
        slug: {
            "reach": dict(one.reach), "where": dict(one.where),
            "hidden": sorted(one.hidden), "locked": sorted(one.locked),
        }
        for slug, one in policies.items()
    }  # fmt: skip


def _read(kept: Mapping[str, Any]) -> Policy:
    given, where = dict(kept.get("reach") or {}), dict(kept.get("where") or {})
    reach: dict[str, Reach] = {verb: given[verb] if given.get(verb) in EVERY_REACH else "none" for verb in EVERY_VERB}
    return Policy(reach, frozenset(kept.get("hidden") or ()), frozenset(kept.get("locked") or ()), where)


def verb_word(verb: Verb) -> str:
    """The verb as it stands in a sentence."""
    return {
        "read": _("see"), "create": _("create"), "change": _("change"),
        "delete": _("delete"), "export": _("export"), "import": _("import"),
    }[verb]  # fmt: skip
