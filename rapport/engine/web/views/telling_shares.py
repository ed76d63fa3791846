"""Shares on the timeline, in words."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.sharing import holder_names, holders_of
from rapport.engine.records.sharing.subjects import SHARES
from rapport.engine.records.timeline import Item
from rapport.engine.web.views.telling import TELLERS


def tell_shares(_actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """With whom a record was shared, or is shared no more."""
    words = {
        "created": _("shared it with %(holder)s"), "changed": _("changed the share with %(holder)s"),
        "deleted": _("shares it with %(holder)s no more"), "restored": _("shared it with %(holder)s again"),
    }  # fmt: skip
    holders = holders_of(item.about_id for item in items if item.about_id)
    names, told = holder_names(), dict[int, dict[str, Any]]()
    for item in items:
        holder = names.get(holders.get(item.about_id), _("somebody who is gone"))  # type: ignore[arg-type]  # ids of shares
        told[item.id] = {"icon": "people", "text": words[item.kind] % {"holder": holder}, "about": None, "changes": []}
    return told


TELLERS.update({f"{kind}:{SHARES}": tell_shares for kind in ("created", "changed", "deleted", "restored")})
