"""Merges on a timeline, in words: how many records went into this one, and the way to take that apart."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.events.actor import Actor
from rapport.engine.records import merging
from rapport.engine.records.gate import mask
from rapport.engine.records.timeline import Item
from rapport.engine.web.addresses import of_record
from rapport.engine.web.views.presenting import face


def tell_merges(_actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """What was merged into the record of this page; one query for all entries."""
    merges = merging.merges_by_id(UUID(str(item.data["merge"])) for item in items)
    return {item.id: _told(item, merges.get(UUID(str(item.data["merge"])))) for item in items}


def tell_unmerges(_actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """How many stand for themselves again."""
    return {item.id: {"icon": "split", "about": None, "changes": [], "text": _unmerged(item)} for item in items}


def _unmerged(item: Item) -> str:
    count = item.data["count"]
    words = ngettext("took %(count)d record out of it again", "took %(count)d records out of it again", count)
    return words % {"count": count}


def merged_titles(actor: Actor, items: Sequence[Item]) -> dict[UUID, dict[str, Any]]:
    """What the records were called that were merged into that of this page; one query where there are any."""
    keys = {item.about_id for item in items if item.is_merged and item.about_id}
    rtype = next((item.rtype for item in items if item.is_merged), None)
    if rtype is None or not mask(actor, rtype).shows(rtype.title):
        return {}
    return {
        key: {"id": key, "title": title, "url": None, "face": face(title, key, square=rtype.square)}
        for key, title in merging.titles_of_merged(rtype, keys).items()
    }


def _told(item: Item, merge: merging.Merge | None) -> dict[str, Any]:
    count = item.data["count"]
    words = ngettext("merged %(count)d other record into it", "merged %(count)d other records into it", count) % {
        "count": count
    }
    told: dict[str, Any] = {"icon": "merge", "about": None, "changes": [], "text": words}
    if merge and not merge.is_deleted and item.is_own and item.rtype:
        told["url"] = of_record("web:unmerge", item.rtype.slug, merge.survivor, merge.pk)
        told["link"] = _("Un-merge…")
    return told
