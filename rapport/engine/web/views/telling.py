"""Timeline entries in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.events.actor import Actor
from rapport.engine.records.queries.labels import labels
from rapport.engine.records.registry import Words
from rapport.engine.records.timeline import Item
from rapport.engine.web.views.presenting import pointer, present

ICONS = {"created": "plus", "changed": "edit", "deleted": "trash", "restored": "undo"}


@dataclass(frozen=True)
class Kind:
    """A chip above the timeline: which journal kinds it lets through; none means all."""

    label: Words
    kinds: tuple[str, ...]


KINDS: dict[str, Kind] = {
    "": Kind(__("Everything"), ()),
    "changes": Kind(__("Changes"), ("created", "changed", "deleted", "restored")),
}

# Journal kind, or `kind:table`, → how a room tells it: (item) → {"text", "body_html", "icon"}. Filled by the rooms.
TELLERS: dict[str, Callable[[Actor, Sequence[Item]], dict[int, dict[str, Any]]]] = {}


def tell(actor: Actor, items: Sequence[Item]) -> list[dict[str, Any]]:
    """Entries as the timeline shows them: who, what, when, and the values before and after."""
    titles = _titles(actor, items)
    told: dict[int, dict[str, Any]] = {}
    for name, teller in TELLERS.items():
        kind, _sep, table = name.partition(":")
        mine = [
            one for one in items if one.kind == kind and (not table or (one.rtype and one.rtype.journal_type == table))
        ]
        if mine:
            told |= teller(actor, mine)
    return [_entry(actor, item, titles.get(item.about_id)) | told.get(item.id, {}) for item in items]


def _entry(actor: Actor, item: Item, about: dict[str, Any] | None) -> dict[str, Any]:
    is_whole = item.kind == "created"
    return {
        "icon": ICONS.get(item.kind, "spark"),
        "who": item.actor,
        "when": item.at,
        "text": _sentence(item),
        "about": None if item.is_own else about,
        "changes": [] if is_whole else _changes(actor, item),
        "reason": item.reason,
        "batch": item.batch,
        "body_html": None,
    }


def _sentence(item: Item) -> str:
    what = item.rtype.label if item.rtype else ""
    if item.is_own:
        words: dict[str, Any] = {
            "created": _("created this %(what)s"), "changed": _("changed"),
            "deleted": _("deleted this %(what)s"), "restored": _("restored this %(what)s"),
        }  # fmt: skip
    else:
        words = {
            "created": _("created the %(what)s"), "changed": _("changed the %(what)s"),
            "deleted": _("deleted the %(what)s"), "restored": _("restored the %(what)s"),
        }  # fmt: skip
    label = item.rtype.event_kinds.get(item.kind) if item.rtype else None
    return str(words.get(item.kind, label or item.kind)) % {"what": what}


def _changes(actor: Actor, item: Item) -> list[dict[str, Any]]:
    fields = [change.field for change in item.changes]
    before = present(actor, fields, [{change.field.slug: change.before for change in item.changes}])[0]
    after = present(actor, fields, [{change.field.slug: change.after for change in item.changes}])[0]
    return [{"field": field, "before": before[field.slug], "after": after[field.slug]} for field in fields]


def _titles(actor: Actor, items: Sequence[Item]) -> dict[Any, dict[str, Any]]:
    wanted = {(item.rtype.slug, item.about_id) for item in items if item.rtype and item.about_id and not item.is_own}
    return {key: pointer(label) for key, label in labels(actor, wanted).items()}
