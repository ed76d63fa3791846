"""Masks: which fields of a record type somebody sees and may change."""

from dataclasses import dataclass

from rapport.engine.events.actor import Actor
from rapport.engine.records.bookkeeping import QUALITY
from rapport.engine.records.gate.asking import goes_by_members, may
from rapport.engine.records.gate.policies import policies_for
from rapport.engine.records.registry import RecordType, record_type, record_types


@dataclass(frozen=True)
class Mask:
    """Which fields of a type an actor sees and may change."""

    hidden: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()

    def shows(self, slug: str) -> bool:
        return slug not in self.hidden

    def lets_change(self, slug: str) -> bool:
        return slug not in self.hidden and slug not in self.locked


def mask(actor: Actor, rtype: RecordType) -> Mask:
    """The fields that an actor may not see or not change: those that all its roles hide or lock."""
    if actor.kind == "system" or goes_by_members(rtype):
        return Mask()
    policies = [policy for _role, policy in policies_for(actor, rtype)]
    if not policies:
        return Mask(hidden=frozenset({QUALITY.slug, *(field.slug for field in rtype.all_fields())}))
    hidden = frozenset.intersection(*(policy.hidden for policy in policies))
    if any(field.computed for field in rtype.all_fields()):
        hidden |= _made_of_hidden(actor, rtype)
    hidden |= _judged_by_hidden(actor, rtype, hidden)
    locked = frozenset.intersection(*(policy.hidden | policy.locked for policy in policies))
    return Mask(hidden, locked)


def _made_of_hidden(actor: Actor, rtype: RecordType) -> frozenset[str]:
    """The computed fields of a type that follow from a field, or from records, that the actor may not see."""
    from rapport.engine.records.computed.graph import graph

    seen: dict[str, frozenset[str] | None] = {}
    hidden = _made_of_unknown(actor)
    for key, formula in graph().formulas.items():
        for one in formula.inputs.of:
            if one.record_type not in seen:
                seen[one.record_type] = _plainly_hidden(actor, record_type(one.record_type))
            known = seen[one.record_type]
            if known is None or one.slug in known or (one.record_type, one.slug) in hidden:
                hidden.add(key)
    return frozenset(slug for name, slug in hidden if name == rtype.slug)


def _judged_by_hidden(actor: Actor, rtype: RecordType, hidden: frozenset[str]) -> frozenset[str]:
    """How good a record is, where a rule behind it asks a field, or leads to records, that the actor may not see."""
    from rapport.engine.records.quality.reading import quality_rules

    asked = [one for slug in quality_rules(rtype).asks if (one := rtype.field(slug)) is not None]
    targets = {one.target for one in asked if one.target}
    is_told = any(one.slug in hidden for one in asked) or not all(
        may(actor, record_type(one), "read") for one in targets
    )
    return frozenset({QUALITY.slug}) if is_told else frozenset()


def _made_of_unknown(actor: Actor) -> set[tuple[str, str]]:
    """For whom anything is hidden: the computed fields with values of another formula than the one in force."""
    from rapport.engine.records.computed.graph import graph

    in_force = graph().formulas
    unknown = {
        (rtype.slug, field.slug)
        for rtype in record_types()
        for field in rtype.all_fields()
        if field.computed and not (field.computed.is_filled and (rtype.slug, field.slug) in in_force)
    }
    return unknown if any(_plainly_hidden(actor, rtype) != frozenset() for rtype in record_types()) else set()


def _plainly_hidden(actor: Actor, rtype: RecordType) -> frozenset[str] | None:
    """The fields of a type that all roles of the actor hide; None where it may read no record of the type."""
    if goes_by_members(rtype):
        return frozenset()
    policies = [policy for _role, policy in policies_for(actor, rtype)]
    if not policies or not may(actor, rtype, "read"):
        return None
    return frozenset.intersection(*(policy.hidden for policy in policies))
