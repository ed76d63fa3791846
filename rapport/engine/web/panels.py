"""The panels beside a record, in the order in which they were arranged for the reader's role."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.actor import ADMIN, MEMBER, Actor
from rapport.engine.records.arranging import SIDES, placed, role_of, roles
from rapport.engine.records.gate import role_name
from rapport.engine.records.registry import RecordType, panels_of
from rapport.engine.web.addresses import address


def panels_context(
    actor: Actor, rtype: RecordType, row: Any, asked: str = "", *, is_beside: bool = False
) -> dict[str, Any]:
    """Left and right panels with what is in them; administrators may ask to see them as another role does."""
    is_preview = actor.is_admin and asked in roles()
    role = asked if is_preview else role_of(actor, rtype)
    shown = [one for one in placed(rtype, role) if one.shown and (one.panel.beside or not is_beside)]
    loaded = [(one, one.panel.load(actor, row)) for one in shown]
    sides: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    for one, data in loaded:
        if data is not None:
            panel = one.panel
            sides[one.side].append({"title": panel.title, "icon": panel.icon, "template": panel.template, "data": data})
    return {
        "left_panels": sides["left"],
        "right_panels": sides["right"],
        "arrange_url": address("web:layout", rtype.slug) if actor.is_admin and panels_of(rtype) else None,
        "preview": {"role": role_label(role), "url": address("web:layout-of", rtype.slug, role)}
        if is_preview
        else None,
    }


def role_label(role: str) -> str:
    """What those who have a role are called."""
    return {ADMIN: _("Administrators"), MEMBER: _("Members")}.get(role, role_name(role))
