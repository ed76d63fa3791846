"""Merging and un-merging on a timeline, in words."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import ngettext

from rapport.engine.events.actor import Actor
from rapport.engine.records.timeline import Item


def tell_merged(_actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """How many others were merged into this record, whose stories stand on the same timeline."""
    return {item.id: {"text": _merged(item.data.get("count", 1))} for item in items}


def tell_unmerged(_actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """How many stand for themselves again."""
    return {item.id: {"text": _unmerged(item.data.get("count", 1))} for item in items}


def _merged(count: int) -> str:
    words = ngettext("merged %(count)d other record into it", "merged %(count)d other records into it", count)
    return words % {"count": count}


def _unmerged(count: int) -> str:
    words = ngettext("took %(count)d record out of it again", "took %(count)d records out of it again", count)
    return words % {"count": count}
