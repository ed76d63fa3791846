"""What a list offers to do with the records that are picked in it, or with all that match."""

from typing import Any

from rapport.engine.events.actor import Actor
from rapport.engine.records.bulk.asking import Deed
from rapport.engine.records.bulk.changes import changeable_fields
from rapport.engine.records.gate import may
from rapport.engine.web.addresses import address
from rapport.engine.web.views.listed import Listed


def bulk_offers(actor: Actor, asked: Listed) -> list[dict[str, Any]]:
    """Edit and delete, or restore in the list of deleted records; each for those picked and for all."""
    icons = {Deed.EDIT: "edit", Deed.DELETE: "trash", Deed.RESTORE: "undo"}
    return [
        {
            "deed": deed.value,
            "icon": icons[deed],
            "picked_url": asked.url_of("web:bulk", deed.value, select=""),
            "all_url": asked.url_of("web:bulk", deed.value, all="1", select=""),
        }
        for deed in _deeds(actor, asked)
    ]


def _deeds(actor: Actor, asked: Listed) -> list[Deed]:
    may_delete = may(actor, asked.rtype, "delete")
    if asked.deleted:
        return [Deed.RESTORE] if may_delete else []
    may_edit = may(actor, asked.rtype, "change") and changeable_fields(actor, asked.rtype)
    return [*([Deed.EDIT] if may_edit else []), *([Deed.DELETE] if may_delete else [])]


def merge_offer(actor: Actor, asked: Listed) -> str | None:
    """Where picked records are merged, for whoever may change and delete such."""
    may_merge = may(actor, asked.rtype, "change") and may(actor, asked.rtype, "delete")
    return address("web:merge", asked.rtype.slug) if may_merge and not asked.deleted else None
