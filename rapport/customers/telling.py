"""Memberships on a timeline, in words."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import record_type
from rapport.engine.records.timeline import Item


def tell_memberships(actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """Who began or ceased to work where; no names where the actor may not see the company."""
    keys = [item.about_id for item in items]
    companies = visible(actor, record_type("companies"), deleted=None)
    seen = visible(actor, record_type("memberships"), deleted=None).filter(pk__in=keys, company__in=companies)
    names = {key: (person, company) for key, person, company in seen.values_list("pk", "person__name", "company__name")}
    told: dict[int, dict[str, Any]] = {}
    for item in items:
        who_and_where = names.get(item.about_id)
        told[item.id] = {"icon": "building", "about": None, "changes": [], "text": _words(item, who_and_where)}
    return told


def _words(item: Item, who_and_where: tuple[str, str] | None) -> str:
    if who_and_where is None:
        return _("noted where someone works")
    names = dict(zip(("person", "company"), who_and_where, strict=True))
    now = {change.field.slug: change.after for change in item.changes}
    if item.kind == "deleted":
        return _("took back that %(person)s works at %(company)s") % names
    if item.kind in ("created", "restored") or now.get("primary"):
        return _("noted that %(person)s works at %(company)s") % names
    if now.get("until"):
        return _("noted that %(person)s left %(company)s") % names
    return _("changed what %(person)s does at %(company)s") % names
