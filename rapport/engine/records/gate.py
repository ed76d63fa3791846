"""The gate: who may see and do what. Every read goes through `visible` and `mask`, every write through `require`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db import models
from django.utils.translation import gettext as _

from rapport.engine.events.actor import ADMIN, MEMBER, Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import Journaled
from rapport.engine.records.registry import RecordType, record_type, record_types

Verb = Literal["read", "create", "change", "delete", "export", "import"]
Reach = Literal["none", "own", "all"]
EVERY_VERB: tuple[Verb, ...] = ("read", "create", "change", "delete", "export", "import")


@dataclass(frozen=True)
class Policy:
    """What a role grants on one record type: how far each verb reaches, and which fields it hides or locks."""

    reach: Mapping[str, Reach]
    hidden: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Mask:
    """Which fields of a type an actor sees and may change."""

    hidden: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()

    def shows(self, slug: str) -> bool:
        return slug not in self.hidden

    def lets_change(self, slug: str) -> bool:
        return slug not in self.hidden and slug not in self.locked


FULL = Policy(dict.fromkeys(EVERY_VERB, "all"))
NOTHING = Policy(dict.fromkeys(EVERY_VERB, "none"))

# Role → record type (or `*`) → policy. An actor has the widest reach of its roles, and a field hidden in all is hidden.
POLICIES: dict[str, dict[str, Policy]] = {ADMIN: {"*": FULL}, MEMBER: {"*": FULL}}


def visible(actor: Actor, rtype: RecordType, *, deleted: bool | None = False) -> "models.QuerySet[Any]":
    """The records of a type that an actor may see: live ones, with `deleted` only the deleted ones, with None both."""
    rows = rtype.rows()
    if deleted is not None:
        rows = rows.filter(deleted_at__isnull=not deleted)
    return within_reach(actor, rtype, "read", rows)


def within_reach(actor: Actor, rtype: RecordType, verb: Verb, rows: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
    """Those of the rows to which the actor may do this."""
    if rtype.sees_as:
        return rows.filter(_of_parents(actor, rtype, "read" if verb == "read" else "change"))
    reach = reach_of(actor, rtype, verb)
    if reach == "all":
        return rows
    owner = rtype.field("owner")
    if reach == "own" and owner is not None:
        return rows.filter(**{owner.column: actor.user_id})
    return rows.none()


def reaches(actor: Actor, rtype: RecordType, verb: Verb, record: Journaled) -> bool:
    """Whether the actor may do this to this very record, which was read from the type's table."""
    if not rtype.sees_as and not rtype.model.kind_column and reach_of(actor, rtype, verb) == "all":
        return True
    return within_reach(actor, rtype, verb, rtype.rows().filter(pk=record.pk)).exists()


def _of_parents(actor: Actor, rtype: RecordType, verb: Verb) -> models.Q:
    """Rows whose parent is within reach. A child of any record (`*`) names its parent by type and id."""
    allowed = models.Q(pk__in=[])
    for parent in parents_of(rtype):
        within = models.Q(about_type=parent.slug) if rtype.sees_as == "*" else models.Q()
        if reach_of(actor, parent, verb) != "all":
            keys = within_reach(actor, parent, verb, parent.rows()).values("pk")
            within &= models.Q(**{f"{rtype.parent_column}__in": keys})
        allowed |= within or models.Q(pk__isnull=False)
    return allowed


def parents_of(rtype: RecordType) -> list[RecordType]:
    """The types that a child's parent may be of."""
    if rtype.sees_as == "*":
        return [one for one in record_types() if not one.sees_as]
    return [record_type(rtype.sees_as)] if rtype.sees_as else []


def reach_of(actor: Actor, rtype: RecordType, verb: Verb) -> Reach:
    """How far a verb reaches for an actor: over none, its own or all records."""
    if actor.kind == "system":
        return "all"
    reaches = {policy.reach.get(verb, "none") for policy in _policies(actor, rtype)}
    return "all" if "all" in reaches else "own" if "own" in reaches else "none"


def may(actor: Actor, rtype: RecordType, verb: Verb) -> bool:
    """Whether the actor may do this to any record of the type at all."""
    if rtype.sees_as:
        return any(may(actor, parent, "read" if verb == "read" else "change") for parent in parents_of(rtype))
    return reach_of(actor, rtype, verb) != "none"


def require(actor: Actor, rtype: RecordType, verb: Verb) -> None:
    """Raise NotAllowed unless the actor may do this to some record of the type."""
    if not may(actor, rtype, verb):
        raise NotAllowed(
            _("Your role does not let you %(verb)s %(what)s.") % {"verb": verb_word(verb), "what": rtype.label_plural}
        )


def require_new(actor: Actor, rtype: RecordType, row: Any) -> None:
    """Who may create only what is their own owns what they create; for somebody else they may not."""
    owner = rtype.field("owner")
    if rtype.sees_as or owner is None or reach_of(actor, rtype, "create") != "own":
        return
    if getattr(row, owner.column) is None:
        setattr(row, owner.column, actor.user_id)
    elif getattr(row, owner.column) != actor.user_id:
        raise NotAllowed(_("Your role lets you create records for yourself only."))


def mask(actor: Actor, rtype: RecordType) -> Mask:
    """The fields that an actor may not see or not change."""
    if actor.kind == "system":
        return Mask()
    policies = _policies(actor, rtype)
    if not policies:
        return Mask(hidden=frozenset(field.slug for field in rtype.all_fields()))
    hidden = frozenset.intersection(*(policy.hidden for policy in policies))
    if any(field.computed for field in rtype.all_fields()):
        hidden |= _made_of_hidden(actor, rtype)
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
    policies = _policies(actor, rtype)
    if not policies or not may(actor, rtype, "read"):
        return None
    return frozenset.intersection(*(policy.hidden for policy in policies))


def verb_word(verb: Verb) -> str:
    """The verb as it stands in a sentence."""
    return {
        "read": _("see"), "create": _("create"), "change": _("change"),
        "delete": _("delete"), "export": _("export"), "import": _("import"),
    }[verb]  # fmt: skip


def _policies(actor: Actor, rtype: RecordType) -> list[Policy]:
    found = []
    for role in actor.roles:
        by_type = POLICIES.get(role, {})
        if policy := by_type.get(rtype.slug, by_type.get("*")):
            found.append(policy)
    return found
