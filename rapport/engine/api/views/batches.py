"""Batches: everything that was written together, taken back together."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.call import REASON, Call, answer
from rapport.engine.api.presenting import values_of
from rapport.engine.api.problems import Problem, not_found
from rapport.engine.api.queries import first_entry
from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.events.images import values_of as stored_values
from rapport.engine.events.undo import Conflict, undo_batch
from rapport.engine.events.undo.large import Undoing, is_large, undo_later, undoing_of
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask
from rapport.engine.records.history import first_of_own, ids_seen
from rapport.engine.records.registry import RecordType, by_journal_type


def undo(call: Call, key: str) -> HttpResponse:
    """Take a batch back, a large one in the background. What somebody changed since is kept and told."""
    refuse_unknown(call.request, set())
    batch = read_id(key)
    if batch is None or first_entry(batch) is None:
        raise not_found()
    if call.request.headers.get("Rapport-Batch"):
        raise Problem("bad-header", _("Undoing is a batch of its own."), header="Rapport-Batch")
    if is_large(batch):
        how = undo_later(call.actor, batch, reason=REASON)
        response = answer(_progress(call.actor, how), status=202, batch=how.undoing)
        response["Location"] = reverse("api:undo", args=[batch])
        return response
    with call.act() as act:
        outcome = undo_batch(act, batch)
    told = {"rows": outcome.rows, "kept": outcome.kept, "conflicts": conflicts_shown(call.actor, outcome.conflicts)}
    return answer(told | {"batch": str(act.batch)}, batch=act.batch)


def show_undo(call: Call, key: str) -> HttpResponse:
    """How far a batch has been taken back, for who made it and for administrators."""
    refuse_unknown(call.request, set())
    batch = read_id(key)
    how = undoing_of(batch) if batch and first_of_own(call.actor, batch) else None
    if how is None:
        raise not_found()
    return answer(_progress(call.actor, how))


def conflicts_shown(actor: Actor, conflicts: list[Conflict]) -> list[dict[str, Any]]:
    """What was kept, by field, of records and fields that the actor may see; without a field, a whole record."""
    seen = _seen(actor, ((one.about_type, one.about_id) for one in conflicts))
    shown = []
    for one in conflicts:
        rtype = by_journal_type(one.about_type)
        # Whose batch it is knows that it touched this record; of what it holds now nothing is told.
        if rtype and (one.about_id in seen or one.why == "reach"):
            shown += _by_field(actor, rtype, one)
    return shown


def _progress(actor: Actor, how: Undoing) -> dict[str, Any]:
    return {
        "state": how.state, "done": how.done, "total": how.total, "rows": how.rows, "kept": how.kept,
        "conflicts": _places_shown(actor, how), "error": how.error or None, "batch": str(how.undoing),
    }  # fmt: skip


def _places_shown(actor: Actor, how: Undoing) -> list[dict[str, Any]]:
    """Where something was kept. The journal holds no values of it: they may have to be erased with their records."""
    seen = _seen(actor, ((one["type"], UUID(one["id"])) for one in how.conflicts))
    shown = []
    for one in how.conflicts:
        rtype = by_journal_type(one["type"])
        if rtype is None or (UUID(one["id"]) not in seen and one["why"] != "reach"):
            continue
        place = {"type": rtype.slug, "id": one["id"], "why": one["why"]}
        fields = [field.slug for field in _fields_at(actor, rtype, one["column"])] if one["column"] else [None]
        shown += [{**place, "field": slug} for slug in fields]
    return shown


def _seen(actor: Actor, places: Iterable[tuple[str, UUID]]) -> set[UUID]:
    keys: dict[str, set[UUID]] = {}
    for table, key in places:
        keys.setdefault(table, set()).add(key)
    return set().union(*(ids_seen(actor, table, some) for table, some in keys.items()))


def _by_field(actor: Actor, rtype: RecordType, one: Conflict) -> list[dict[str, Any]]:
    place = {"type": rtype.slug, "id": str(one.about_id), "why": one.why}
    if not one.column:
        return [{**place, "field": None}]
    shown = []
    for field in _fields_at(actor, rtype, one.column):
        ours, theirs = (_value(rtype, field, one.column, value) for value in (one.ours, one.theirs))
        if ours != theirs:
            ours, theirs = values_of(actor, [(field, ours), (field, theirs)])
            shown.append({**place, "field": field.slug, "ours": ours, "theirs": theirs})
    return shown


def _fields_at(actor: Actor, rtype: RecordType, column: str) -> list[Field]:
    """The fields that a place means, a column or a key as `custom.x_slug`, as far as the actor may see them."""
    allowed = mask(actor, rtype)
    return [one for one in rtype.all_fields() if allowed.shows(one.slug) and _is_at(one, column)]


def _is_at(field: Field, column: str) -> bool:
    if field.custom:
        return f"{column}.".startswith(f"custom.{field.slug}.")
    column = column.partition(".")[0]
    return column == field.slug if field.through else column in field.columns(field.type.empty)


def _value(rtype: RecordType, field: Field, column: str, kept: Any) -> Any:
    """What a field would hold with what the journal keeps of this place."""
    if field.custom:
        return field.type.from_custom(kept)
    if field.through:
        return UUID(kept) if kept else None
    row = rtype.new()
    for name, stored in stored_values(rtype.model, {column.partition(".")[0]: kept}).items():
        setattr(row, name, stored)
    return field.get(row)
