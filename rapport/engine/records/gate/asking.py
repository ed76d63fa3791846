"""Asking the gate of a record type: how far a verb reaches for somebody, and whether they may at all."""

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.gate.policies import Grant, Verb, policies_for, verb_word
from rapport.engine.records.registry import RecordType, record_type, record_types

ALL = Grant("", "all")


def grants_of(actor: Actor, rtype: RecordType, verb: Verb) -> frozenset[Grant]:
    """What lets an actor do this to records of a type; nothing if no role does. Who has all of them has one grant."""
    if actor.kind == "system":
        return frozenset({ALL})
    found = set()
    for role, policy in policies_for(actor, rtype):
        reach = policy.reach.get(verb, "none")
        if reach == "all":
            return frozenset({ALL})
        if reach != "none":
            found.add(Grant(role, reach, policy.where.get(verb, "") if reach == "filter" else ""))
    return frozenset(found)


def reaches_all(actor: Actor, rtype: RecordType, verb: Verb) -> bool:
    """Whether the actor may do this to every record of the type."""
    return ALL in grants_of(actor, rtype, verb)


def may(actor: Actor, rtype: RecordType, verb: Verb) -> bool:
    """Whether the actor may do this to any record of the type at all."""
    if rtype.sees_as:
        return any(may(actor, parent, "read" if verb == "read" else "change") for parent in parents_of(rtype))
    return bool(grants_of(actor, rtype, verb))


def require(actor: Actor, rtype: RecordType, verb: Verb) -> None:
    """Raise NotAllowed unless the actor may do this to some record of the type."""
    if not may(actor, rtype, verb):
        raise NotAllowed(
            _("Your role does not let you %(verb)s %(what)s.") % {"verb": verb_word(verb), "what": rtype.label_plural}
        )


def parents_of(rtype: RecordType) -> list[RecordType]:
    """The types that a child's parent may be of."""
    if rtype.sees_as == "*":
        return [one for one in record_types() if not one.sees_as]
    return [record_type(rtype.sees_as)] if rtype.sees_as else []
