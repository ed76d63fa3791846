"""Timeline entries in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.events.actor import Actor
from rapport.engine.records.quality.journal import CONFIRMATIONS
from rapport.engine.records.queries.labels import pointed_at
from rapport.engine.records.registry import RecordType, Words
from rapport.engine.records.sharing.journal import SHARES
from rapport.engine.records.timeline import Item
from rapport.engine.web.views.presenting import pointers_to, with_pointers
from rapport.engine.web.views.telling_confirmations import tell_confirmations
from rapport.engine.web.views.telling_merges import merged_titles, tell_merges, tell_unmerges
from rapport.engine.web.views.telling_shares import tell_shares

Pointers = Mapping[UUID, dict[str, Any]]

ICONS = {"created": "plus", "changed": "edit", "deleted": "trash", "restored": "undo"}


@dataclass(frozen=True)
class Kind:
    """A chip above the timeline: which journal kinds it lets through; none means all.

    With a `template` it shows something of its own in place of the timeline: `load` gives what that needs, and
    `composer` is the place to write that stands open above it.
    """

    label: Words
    kinds: tuple[str, ...]
    template: str = ""
    load: Callable[[Actor, RecordType, Any], dict[str, Any]] | None = None
    composer: str = ""


KINDS: dict[str, Kind] = {
    "": Kind(__("Everything"), ()),
    "changes": Kind(__("Changes"), ("created", "changed", "deleted", "restored")),
}

# Journal kind, or `kind:table`, → how a room tells it: (item) → {"text", "body_html", "icon"}. Filled by the rooms.
TELLERS: dict[str, Callable[[Actor, Sequence[Item]], dict[int, dict[str, Any]]]] = {
    **{f"{kind}:{SHARES}": tell_shares for kind in ICONS},
    "records.merged": tell_merges,
    "records.unmerged": tell_unmerges,
    **{f"{kind}:{CONFIRMATIONS}": tell_confirmations for kind in ICONS},
}


def tell(actor: Actor, items: Sequence[Item]) -> list[dict[str, Any]]:
    """Entries as the timeline shows them: who, what, when, and the values before and after."""
    told = _told(actor, items)
    pointers = pointers_to(actor, {pair for item in items for pair in _pointed(item, told.get(item.id, {}))})
    pointers |= merged_titles(actor, items)
    return [_entry(item, pointers) | told.get(item.id, {}) for item in items]


def _told(actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """What rooms have to say of their own entries."""
    told: dict[int, dict[str, Any]] = {}
    for name, teller in TELLERS.items():
        kind, _sep, table = name.partition(":")
        mine = [one for one in items if one.kind == kind and (not table or one.about_type == table)]
        if mine:
            told |= teller(actor, mine)
    return told


def _pointed(item: Item, told: dict[str, Any]) -> Iterator[tuple[str, UUID]]:
    """The records and users that stand in an entry, but for what a room tells in its own words."""
    if "about" not in told and item.rtype and item.about_id and not item.is_own:
        yield item.rtype.slug, item.about_id
    if "changes" not in told and item.kind != "created":
        yield from pointed_at([change.field for change in item.changes], _images(item))


def _images(item: Item) -> tuple[dict[str, Any], dict[str, Any]]:
    """What changed, by slug: before and after."""
    before = {change.field.slug: change.before for change in item.changes}
    return before, {change.field.slug: change.after for change in item.changes}


def _entry(item: Item, pointers: Pointers) -> dict[str, Any]:
    return {
        "icon": ICONS.get(item.kind, "spark"),
        "who": item.actor,
        "when": item.at,
        "text": _sentence(item),
        "about": None if item.is_own or not item.about_id else pointers.get(item.about_id),
        "changes": [] if item.kind == "created" else _changes(item, pointers),
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


def _changes(item: Item, pointers: Pointers) -> list[dict[str, Any]]:
    fields = [change.field for change in item.changes]
    before, after = (with_pointers(fields, image, pointers) for image in _images(item))
    return [{"field": field, "before": before[field.slug], "after": after[field.slug]} for field in fields]
