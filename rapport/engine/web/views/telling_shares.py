"""Shares on a timeline, in words: with whom a record was shared, what changed of it, and that it ended."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.gate.shares import last_day
from rapport.engine.records.models import Share
from rapport.engine.records.sharing import holder_names, name_of, shares_by_id
from rapport.engine.records.timeline import Item
from rapport.engine.web.formatting import day


def tell_shares(_actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """With whom the record of this page was shared."""
    shares, names = shares_by_id(item.about_id for item in items if item.about_id), holder_names()
    return {
        item.id: {"icon": "share", "about": None, "changes": [], "text": _words(item, share, names)}
        for item in items
        if (share := shares.get(item.about_id)) is not None  # type: ignore[arg-type]  # an id that is there
    }


def _words(item: Item, share: Share, names: Mapping[UUID, str]) -> str:
    words = {"holder": name_of(names, share.kind, share.holder), "until": _until(item.after)}
    if item.kind == "deleted":
        return _("no longer shares it with %(holder)s") % words
    if item.kind == "restored":
        return _("shared it with %(holder)s again") % words
    if item.kind == "changed":
        return _changed(item.after) % words
    if item.after.get("level") == Share.Level.CHANGE:
        texts = _("shared it with %(holder)s, to see and change"), _(
            "shared it with %(holder)s, to see and change until %(until)s"
        )  # fmt: skip
    else:
        texts = _("shared it with %(holder)s"), _("shared it with %(holder)s until %(until)s")
    return texts[bool(words["until"])] % words


def _changed(after: Mapping[str, Any]) -> str:
    if "level" in after:
        lets_change = after["level"] == Share.Level.CHANGE
        return _("lets %(holder)s change it") if lets_change else _("lets %(holder)s only see it")
    if "ends_at" not in after:
        return _("brought the share with %(holder)s along")
    return _("shares it with %(holder)s until %(until)s") if after.get("ends_at") else _(
        "shares it with %(holder)s for good"
    )  # fmt: skip


def _until(after: Mapping[str, Any]) -> str:
    if not after.get("ends_at"):
        return ""
    return day(last_day(dt.datetime.fromisoformat(after["ends_at"])))
