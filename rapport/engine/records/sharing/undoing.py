"""Undo leaves alone the shares of records that somebody may not, or no longer, change."""

from collections.abc import Collection
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.events.undo.reach import limits
from rapport.engine.records.gate import within_reach
from rapport.engine.records.models import Share
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.sharing.journal import SHARES


def shares_out_of_reach(actor: Actor, about_type: str, keys: Collection[UUID]) -> set[UUID]:
    """The shares among the rows whose records the actor may not change."""
    if about_type != SHARES or actor.kind == "system":
        return set()
    records: dict[str, dict[UUID, UUID]] = {}
    for key, slug, record in Share.objects.filter(pk__in=keys).values_list("pk", "record_type", "record_id"):
        records.setdefault(slug, {})[key] = record
    out = set()
    for slug, of_type in records.items():
        rtype = find_record_type(slug)
        rows = rtype.rows().filter(pk__in=set(of_type.values())) if rtype else None
        reached = within_reach(actor, rtype, "change", rows) if rtype and rows is not None else None
        within = set(reached.values_list("pk", flat=True)) if reached is not None else set()
        out |= {key for key, record in of_type.items() if record not in within}
    return out


limits.append(shares_out_of_reach)
