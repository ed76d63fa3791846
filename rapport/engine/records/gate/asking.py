"""Asking the gate of a record type: how far a verb reaches for somebody, and whether they may at all."""

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.gate.policies import Grant, Verb, policies_for, verb_word
from rapport.engine.records.registry import RecordType, record_type, record_types

ALL = Grant("", "all")


OWN = Grant("", "own")
# What the members of a record do to it. It goes away by the hand of who made it, and leaves the house by none.
OF_MEMBERS: frozenset[Verb] = frozenset({"read", "create", "change", "delete"})


def grants_of(actor: Actor, rtype: RecordType, verb: Verb) -> frozenset[Grant]:
    """What lets an actor do this to records of a type; nothing if no role does. Who has all of them has one grant."""
    if actor.kind == "system":
        return frozenset({ALL})
    if rtype.members:
        return frozenset({OWN}) if verb in OF_MEMBERS and actor.user_id else frozenset()
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
        return any(may(actor, parent, asked_of_parent(rtype, verb)) for parent in parents_of(rtype))
    return bool(grants_of(actor, rtype, verb))


def asked_of_parent(rtype: RecordType, verb: Verb) -> Verb:
    """What one must be allowed to do to the parent of a child to do this to the child."""
    return "read" if verb == "read" or (rtype.spoken and verb in OF_MEMBERS) else "change"


def goes_by_members(rtype: RecordType) -> bool:
    """Whether no role says anything of a type: its members do, those of its parent do, or it is what people say."""
    if rtype.members or rtype.spoken or rtype.sees_as in ("", "*"):
        return bool(rtype.members or rtype.spoken)
    return goes_by_members(record_type(rtype.sees_as))


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
