"""Records as they are sent: names of fields that nobody declared are refused before anything is read."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.api.presenting import ALWAYS
from rapport.engine.api.problems import Problem, escape
from rapport.engine.events.actor import Actor
from rapport.engine.records.filters.scope import nearest_field
from rapport.engine.records.gate import mask
from rapport.engine.records.registry import RecordType


def refuse_unknown_fields(actor: Actor, rtype: RecordType, raw: Mapping[str, Any]) -> None:
    """Raise Problem 400 for fields that are not there to be seen, 422 for those that nobody sets by hand."""
    if errors := unknown_fields(actor, rtype, raw):
        raise Problem("unknown-field", _("Nothing was written."), errors=errors)
    if fixed := [slug for slug in raw if slug in ALWAYS]:
        errors = [
            {"pointer": f"/{slug}", "detail": _("“%(label)s” cannot be changed by hand.") % {"label": slug}}
            for slug in fixed
        ]
        raise Problem("invalid", _("Nothing was written."), errors=errors)


def unknown_fields(
    actor: Actor, rtype: RecordType, raw: Mapping[str, Any], *, also: frozenset[str] = frozenset(), prefix: str = ""
) -> list[dict[str, Any]]:
    """One error for each name that is no field for this actor, with the field that is most like it."""
    allowed = mask(actor, rtype)
    fields = [field for field in rtype.all_fields() if allowed.shows(field.slug)]
    known = {field.slug for field in fields} | also | set(ALWAYS)
    errors = []
    for slug in raw:
        if slug in known:
            continue
        error = {
            "pointer": f"{prefix}/{escape(slug)}",
            "detail": _("There is no field “%(slug)s” here.") % {"slug": slug[:60]},
        }
        if near := nearest_field(slug[:60], fields):
            error["suggestion"] = near
        errors.append(error)
    return errors
