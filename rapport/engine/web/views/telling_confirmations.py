"""Confirmations on a timeline, in words: which field somebody made sure of."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import mask
from rapport.engine.records.models import Confirmation
from rapport.engine.records.quality.seen import confirmations
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.timeline import Item


def tell_confirmations(actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """That a field of the record of this page was confirmed, or that this was taken back."""
    rows = confirmations(item.about_id for item in items if item.about_id)
    return {
        item.id: {"icon": "check", "about": None, "changes": [], "text": _words(actor, item, row)}
        for item in items
        if (row := rows.get(item.about_id)) is not None  # type: ignore[arg-type]  # an id that is there
    }


def _words(actor: Actor, item: Item, row: Confirmation) -> str:
    """Of a field that the reader's role hides, the label is not told."""
    rtype = find_record_type(row.record_type)
    field = rtype.field(row.field) if rtype and mask(actor, rtype).shows(row.field) else None
    words = {"field": field.label if field else _("a field")}
    texts = {
        "deleted": _("took back that %(field)s was confirmed"), "restored": _("confirmed %(field)s again"),
    }  # fmt: skip
    return texts.get(item.kind, _("confirmed %(field)s: still right")) % words
