"""Two at one record, and two records that look the same: told with what the actor may see of either."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.engine.api.presenting import values_of
from rapport.engine.api.problems import Problem, escape
from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import Clash, EditConflict
from rapport.engine.records.gate import mask
from rapport.engine.records.registry import RecordType


def edit_problem(actor: Actor, rtype: RecordType, conflict: EditConflict) -> Problem:
    """409 with the value that stands there now and the one that was sent, for each field that both changed."""
    return Problem(
        "edit-conflict",
        _("Nothing was written. Decide, and send again with the version that stands there now."),
        errors=conflict_errors(actor, rtype, conflict),
        version=conflict.version,
    )


def conflict_errors(actor: Actor, rtype: RecordType, conflict: EditConflict, prefix: str = "") -> list[dict[str, Any]]:
    allowed = mask(actor, rtype)
    fields = [
        (one, field) for one in conflict.conflicts if allowed.shows(one.slug) and (field := rtype.field(one.slug))
    ]
    values = values_of(actor, [pair for one, field in fields for pair in ((field, one.theirs), (field, one.yours))])
    return [
        {
            "pointer": f"{prefix}/{escape(one.slug)}",
            "detail": _("“%(label)s” was changed meanwhile.") % {"label": field.label},
            "theirs": values[2 * index],
            "yours": values[2 * index + 1],
        }
        for index, (one, field) in enumerate(fields)
    ]


def clash_problem(actor: Actor, rtype: RecordType, clashes: Sequence[Clash]) -> Problem:
    """409 with the records that look the same: open one, restore one, or create anyway."""
    return Problem(
        "clash",
        _("Nothing was created. Use one of these records, or send again with ?on_clash=create."),
        clashes=clashes_shown(actor, rtype, clashes),
    )


def clashes_shown(actor: Actor, rtype: RecordType, clashes: Sequence[Clash]) -> list[dict[str, Any]]:
    """Records that look the same. The caller has left out those that the actor may not see."""
    shows_title = mask(actor, rtype).shows(rtype.title)
    return [
        {
            "id": str(clash.record.pk),
            "name": clash.title if shows_title else None,
            "reason": clash.reason,
            "deleted": clash.is_deleted,
            "url": reverse("api:record", args=[rtype.slug, clash.record.pk]),
            "restore_url": reverse("api:restore", args=[rtype.slug, clash.record.pk]) if clash.is_deleted else None,
        }
        for clash in clashes
    ]
