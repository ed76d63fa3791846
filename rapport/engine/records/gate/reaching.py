"""The gate as one condition on the rows of a type: everything that somebody may do a thing to, and nothing else."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import Journaled
from rapport.engine.records.gate.asking import asked_of_parent, grants_of, parents_of, reaches_all
from rapport.engine.records.gate.policies import Grant, Verb
from rapport.engine.records.gate.shares import shared_with
from rapport.engine.records.gate.sql import IsAnyOf
from rapport.engine.records.registry import RecordType

Seen = Callable[[RecordType], "models.QuerySet[Any] | None"]
OF_OWNERS = frozenset({"own", "team", "tree"})


def visible(actor: Actor, rtype: RecordType, *, deleted: bool | None = False) -> "models.QuerySet[Any]":
    """The records of a type that an actor may see: live ones, with `deleted` only the deleted ones, with None both."""
    rows = rtype.rows()
    if deleted is not None:
        rows = rows.filter(deleted_at__isnull=not deleted)
    return within_reach(actor, rtype, "read", rows)


def within_reach(actor: Actor, rtype: RecordType, verb: Verb, rows: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
    """Those of the rows to which the actor may do this."""
    if rtype.sees_as:
        seen = of_parents(rtype, partial(_parents, actor, asked_of_parent(rtype, verb)))
        return rows.filter(seen & said_by(actor, rtype, verb))
    grants = grants_of(actor, rtype, verb)
    if any(grant.reach == "all" for grant in grants):
        return rows
    return rows.filter(granted(actor, rtype, verb, grants)) if grants else rows.none()


def reaches(actor: Actor, rtype: RecordType, verb: Verb, record: Journaled) -> bool:
    """Whether the actor may do this to this very record, which was read from the type's table."""
    if not rtype.sees_as and not rtype.model.kind_column and reaches_all(actor, rtype, verb):
        return True
    return within_reach(actor, rtype, verb, rtype.rows().filter(pk=record.pk)).exists()


def granted(actor: Actor, rtype: RecordType, verb: Verb, grants: Iterable[Grant], *, plainly: bool = False) -> Q:
    """The condition of grants that do not reach all. `plainly` leaves out those that a filter decides."""
    if rtype.members:
        return of_members(actor, rtype, verb)
    found = [of_owners(rtype, owners_of(actor, verb, grants)), shared_with(actor, rtype, verb)]
    if not plainly:
        found += [_ruled(actor, rtype, grant.where) for grant in sorted(grants) if grant.reach == "filter"]
    return _any_of([one for one in found if one is not None])


def owners_of(actor: Actor, verb: Verb, grants: Iterable[Grant]) -> frozenset[UUID]:
    """The users whose records these grants reach. Whoever leads others sees what is theirs."""
    found = frozenset[UUID]()
    wide = {grant.reach for grant in grants}
    if wide & OF_OWNERS:
        found |= {actor.user_id} if actor.user_id else set()
    if "team" in wide:
        found |= actor.circle.team
    if "tree" in wide:
        found |= actor.circle.tree
    return found | actor.circle.led if verb == "read" else found


def of_owners(rtype: RecordType, owners: frozenset[UUID]) -> Q | None:
    """Records that one of these users owns; None where there can be none."""
    owner = rtype.field("owner")
    if owner is None or not owners:
        return None
    if len(owners) == 1:
        return Q((owner.column, next(iter(owners))))
    return Q(IsAnyOf(F(owner.column), Value(sorted(owners), ArrayField(models.UUIDField()))))


def is_member(actor: Actor, rtype: RecordType, row: Any) -> bool:
    """Whether an actor, or one of its teams, is a member of a record."""
    return bool({*actor.teams, actor.user_id} & set(getattr(row, rtype.members)))


def of_members(actor: Actor, rtype: RecordType, verb: Verb) -> Q:
    """Records of which an actor or a team of theirs is a member. Only who made one, or an administrator, deletes it."""
    holders = sorted({*actor.teams, *({actor.user_id} if actor.user_id else ())})
    mine = Q((f"{rtype.members}__overlap", holders))
    return mine if verb != "delete" or actor.is_admin else mine & Q(created_by=actor.user_id)


def said_by(actor: Actor, rtype: RecordType, verb: Verb) -> Q:
    """Of what people say: their own is theirs to change; administrators may delete what is said. All, of the rest."""
    if not rtype.spoken or verb in ("read", "create") or (verb == "delete" and actor.is_admin):
        return Q()
    return Q(created_by=actor.user_id)


def require_new(actor: Actor, rtype: RecordType, row: Any, verb: Verb = "create") -> None:
    """Who may create only what is their own, or their team's, owns what they create, or one of the team does.

    What a filter lets them create is asked of the written rows: `require_created`.
    """
    owner, grants = rtype.field("owner"), grants_of(actor, rtype, verb)
    limited = {grant.reach for grant in grants} & OF_OWNERS
    if rtype.sees_as or owner is None or not limited or reaches_all(actor, rtype, verb):
        return
    if getattr(row, owner.column) is None:
        setattr(row, owner.column, actor.user_id)
    elif getattr(row, owner.column) not in owners_of(actor, verb, grants) and limited == _reaches_of(grants):
        if limited == {"own"}:
            raise NotAllowed(_("Your role lets you create records for yourself only."))
        raise NotAllowed(_("Your role lets you create records for yourself and your team only."))


def require_created(actor: Actor, rtype: RecordType, rows: Sequence[Any], verb: Verb = "create") -> None:
    """Refuse new rows, already written, that no filter and no owner lets the actor create. Raises NotAllowed."""
    if rtype.members and actor.user_id and not all(is_member(actor, rtype, row) for row in rows):
        raise NotAllowed(_("You would not see this yourself. Put yourself, or a team of yours, among its members."))
    grants = grants_of(actor, rtype, verb)
    if rtype.sees_as or "filter" not in _reaches_of(grants):
        return
    keys = [row.pk for row in rows]
    if within_reach(actor, rtype, verb, rtype.rows().filter(pk__in=keys)).count() < len(keys):
        raise NotAllowed(_("Your role does not let you create such %(what)s.") % {"what": rtype.label_plural})


def _reaches_of(grants: Iterable[Grant]) -> set[str]:
    return {grant.reach for grant in grants}


def _ruled(actor: Actor, rtype: RecordType, where: str) -> Q | None:
    from rapport.engine.records.gate.ruled import ruled

    return ruled(actor, rtype, where)


def _any_of(conditions: Sequence[Q]) -> Q:
    found = conditions[0] if conditions else Q(pk__in=[])
    for one in conditions[1:]:
        found |= one
    return found


def of_parents(rtype: RecordType, seen: Seen) -> Q:
    """Rows whose parent is among those seen, None for all. A child of any record (`*`) names its parent by type."""
    allowed = Q(pk__in=[])
    for parent in parents_of(rtype):
        within = Q(about_type=parent.slug) if rtype.sees_as == "*" else Q()
        if (rows := seen(parent)) is not None:
            within &= Q((f"{rtype.parent_column}__in", rows.values("pk")))
        allowed |= within or Q(pk__isnull=False)
    return allowed


def _parents(actor: Actor, verb: Verb, parent: RecordType) -> "models.QuerySet[Any] | None":
    return None if reaches_all(actor, parent, verb) else within_reach(actor, parent, verb, parent.rows())
