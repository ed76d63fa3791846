"""Batches: everything that was written together, taken back together."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.call import Call, answer, read_id
from rapport.engine.api.presenting import values_of
from rapport.engine.api.problems import Problem, not_found
from rapport.engine.api.queries import first_entry
from rapport.engine.events.actor import Actor
from rapport.engine.events.images import values_of as stored_values
from rapport.engine.events.undo import Conflict, undo_batch
from rapport.engine.records.gate import mask
from rapport.engine.records.history import ids_seen
from rapport.engine.records.registry import RecordType, by_journal_type


def undo(call: Call, key: str) -> HttpResponse:
    """Take a batch back. What somebody changed since is kept and told; the undoing can be undone."""
    refuse_unknown(call.request, set())
    batch = read_id(key)
    if batch is None or first_entry(batch) is None:
        raise not_found()
    if call.request.headers.get("Rapport-Batch"):
        raise Problem("bad-header", _("Undoing is a batch of its own."), header="Rapport-Batch")
    with call.act() as act:
        outcome = undo_batch(act, batch)
    conflicts = conflicts_shown(call.actor, outcome.conflicts)
    return answer({"rows": outcome.rows, "conflicts": conflicts, "batch": str(act.batch)}, batch=act.batch)


def conflicts_shown(actor: Actor, conflicts: list[Conflict]) -> list[dict[str, Any]]:
    """The values kept, by field, of records and fields that the actor may see; without a field, a whole record."""
    seen = {
        table: ids_seen(actor, table, {one.about_id for one in conflicts if one.about_type == table})
        for table in {one.about_type for one in conflicts}
    }
    shown = []
    for one in conflicts:
        rtype = by_journal_type(one.about_type)
        if rtype and one.about_id in seen[one.about_type]:
            shown += _by_field(actor, rtype, one)
    return shown


def _by_field(actor: Actor, rtype: RecordType, one: Conflict) -> list[dict[str, Any]]:
    place = {"type": rtype.slug, "id": str(one.about_id), "why": one.why}
    if not one.column:
        return [{**place, "field": None}]
    allowed = mask(actor, rtype)
    rows = [_row(rtype, one.column, value) for value in (one.ours, one.theirs)]
    shown = []
    for field in rtype.all_fields():
        concerned = field.custom if one.column == "custom" else one.column in field.columns(field.type.empty)
        if not concerned or not allowed.shows(field.slug):
            continue
        ours, theirs = (field.get(row) for row in rows)
        if ours != theirs:
            ours, theirs = values_of(actor, [(field, ours), (field, theirs)])
            shown.append({**place, "field": field.slug, "ours": ours, "theirs": theirs})
    return shown


def _row(rtype: RecordType, column: str, value: Any) -> Any:
    """An unsaved record that holds one column as the journal keeps it."""
    row = rtype.new()
    for name, stored in stored_values(rtype.model, {column: value}).items():
        setattr(row, name, stored)
    return row
