"""Memberships on a timeline, in words."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from rapport.customers.models import Membership
from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import record_type
from rapport.engine.records.timeline import Item


def tell_memberships(actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """Who began or ceased to work where."""
    keys = [item.about_id for item in items]
    seen = visible(actor, record_type("memberships")).filter(pk__in=keys).select_related("person", "company")
    memberships = {one.pk: one for one in seen}
    told: dict[int, dict[str, Any]] = {}
    for item in items:
        one = memberships.get(item.about_id)
        told[item.id] = {"icon": "building", "about": None, "changes": [], "text": _words(item, one)}
    return told


def _words(item: Item, membership: Membership | None) -> str:
    if membership is None:
        return _("noted where someone works, which was deleted since")
    names = {"person": membership.person.name, "company": membership.company.name}
    ended = any(change.field.slug == "until" and change.after for change in item.changes)
    if item.kind == "created":
        return _("noted that %(person)s works at %(company)s") % names
    if ended:
        return _("noted that %(person)s left %(company)s") % names
    return _("changed what %(person)s does at %(company)s") % names
