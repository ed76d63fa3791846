"""Undo asks the gate: a record that somebody may no longer change stays as it is, whoever had changed it."""

from collections.abc import Collection
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.events.undo.reach import limits
from rapport.engine.records.gate import parents_of, reaches_all, within_reach
from rapport.engine.records.registry import by_journal_type


def beyond_reach(actor: Actor, about_type: str, keys: Collection[UUID]) -> set[UUID]:
    """The records among these that the actor may not change. Whether it was their own batch is asked before."""
    rtype = by_journal_type(about_type)
    if rtype is None or all(reaches_all(actor, one, "change") for one in parents_of(rtype) or [rtype]):
        return set()
    reached = within_reach(actor, rtype, "change", rtype.rows().filter(pk__in=keys))
    return set(keys) - set(reached.values_list("pk", flat=True))


limits.append(beyond_reach)
