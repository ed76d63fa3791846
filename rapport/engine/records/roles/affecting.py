"""Whom a change of a role affects: what each of its users would see and do, before and after, by counting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import EVERY_VERB, Mask, Policies, Verb, grants_of, mask, trying, within_reach
from rapport.engine.records.queries.counting import Count, count
from rapport.engine.records.registry import RecordType
from rapport.engine.records.roles.actions import users_with
from rapport.engine.records.roles.reading import types_of_roles

SHOWN = 20  # users whose records are counted; of the others only the number is told


@dataclass(frozen=True)
class Difference:
    """What changes for one user in one type: how many records a verb reaches, or which fields are hidden or locked."""

    rtype: RecordType
    verb: Verb | None
    before: Count | None = None
    after: Count | None = None
    hidden: Sequence[str] = ()
    shown: Sequence[str] = ()
    locked: Sequence[str] = ()
    unlocked: Sequence[str] = ()


@dataclass(frozen=True)
class Affected:
    """A user, and what changes for them."""

    user: Any
    differences: Sequence[Difference]


@dataclass(frozen=True)
class Effect:
    """What a change means for the users of a role: `users` are all of them, `affected` those that were looked at."""

    users: int
    affected: Sequence[Affected]


def effect_of(role: str, policies: Policies) -> Effect:
    """What changes for the users of a role if it grants these policies."""
    users = users_with([role]).order_by("name", "email")
    looked_at = [one for one in users[:SHOWN] if one.is_active]
    found = [Affected(one, _differences(one.actor, role, policies)) for one in looked_at]
    return Effect(users.count(), [one for one in found if one.differences])


def _differences(actor: Actor, role: str, policies: Policies) -> list[Difference]:
    found = []
    for rtype in types_of_roles():
        for verb in () if rtype.sees_as else EVERY_VERB:
            then = grants_of(actor, rtype, verb)
            with trying(role, policies):
                is_same = then == grants_of(actor, rtype, verb)
            if not is_same:
                found.append(_of_reach(actor, rtype, verb, role, policies))
        then_shown = mask(actor, rtype)
        with trying(role, policies):
            now_shown = mask(actor, rtype)
        if then_shown != now_shown:
            found.append(_of_fields(rtype, then_shown, now_shown))
    return found


def _of_reach(actor: Actor, rtype: RecordType, verb: Verb, role: str, policies: Policies) -> Difference:
    before = _reached(actor, rtype, verb)
    with trying(role, policies):
        return Difference(rtype, verb, before, _reached(actor, rtype, verb))


def _reached(actor: Actor, rtype: RecordType, verb: Verb) -> Count:
    """How many live records a verb reaches."""
    return count(within_reach(actor, rtype, verb, rtype.rows().filter(deleted_at=None)))


def _of_fields(rtype: RecordType, then: Mask, now: Mask) -> Difference:
    labels = {one.slug: str(one.label) for one in rtype.all_fields()}

    def named(slugs: frozenset[str]) -> list[str]:
        return [labels[slug] for slug in labels if slug in slugs]

    return Difference(
        rtype,
        None,
        hidden=named(now.hidden - then.hidden),
        shown=named(then.hidden - now.hidden),
        locked=named(now.locked - now.hidden - then.locked),
        unlocked=named(then.locked - then.hidden - now.locked),
    )
