"""Whom a change of a role affects: what each of its users would see and do, before and after, by counting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import EVERY_VERB, Mask, Policies, Verb, grants_of, mask, trying, within_reach
from rapport.engine.records.gate.asking import ALL
from rapport.engine.records.gate.shares import LEVELS
from rapport.engine.records.queries.counting import Count, count
from rapport.engine.records.registry import RecordType
from rapport.engine.records.roles.actions import users_with
from rapport.engine.records.roles.reading import types_of_roles

SHOWN = 20  # users whose records are counted; of the others only the number is told
# Of records that are not there yet, there is nothing to count.
COUNTED: tuple[Verb, ...] = ("read", "change", "delete", "export")
Reached = dict[Any, Count]


@dataclass(frozen=True)
class Difference:
    """What changes for one user in one type: how many records a verb reaches, or which fields are hidden or locked.

    Of creating and importing there are no numbers, only that it reaches otherwise than before.
    """

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
    reached: Reached = {}
    found = [Affected(one, _differences(one.actor, role, policies, reached)) for one in looked_at]
    return Effect(users.count(), [one for one in found if one.differences])


def _differences(actor: Actor, role: str, policies: Policies, reached: Reached) -> list[Difference]:
    found = []
    for rtype in types_of_roles():
        for verb in () if rtype.sees_as else EVERY_VERB:
            then = grants_of(actor, rtype, verb)
            with trying(role, policies):
                is_same = then == grants_of(actor, rtype, verb)
            if not is_same:
                before = _reached(actor, rtype, verb, reached)
                with trying(role, policies):
                    found.append(Difference(rtype, verb, before, _reached(actor, rtype, verb, reached)))
        then_shown = mask(actor, rtype)
        with trying(role, policies):
            now_shown = mask(actor, rtype)
        if then_shown != now_shown:
            found.append(_of_fields(rtype, then_shown, now_shown))
    return found


def _reached(actor: Actor, rtype: RecordType, verb: Verb, known: Reached) -> Count | None:
    """How many live records a verb reaches, counted once for all that reaches as far."""
    if verb not in COUNTED:
        return None
    grants = grants_of(actor, rtype, verb)
    # Shares widen what one sees and changes, and whoever leads others sees more.
    key = (rtype.slug, grants) if ALL in grants else (rtype.slug, grants, actor.id, verb in LEVELS and verb)
    if key not in known:
        known[key] = count(within_reach(actor, rtype, verb, rtype.rows().filter(deleted_at=None)))
    return known[key]


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
