"""The pages of a workspace as its page shows them, and the versions of one."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as __

from rapport.engine.collaboration.models import Page, Workspace
from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import Panel, record_type
from rapport.engine.records.timeline import Item, timeline
from rapport.engine.web.addresses import address

IN_A_PANEL = 50
WORDS = {
    "created": __("began the page"),
    "changed": __("wrote in the page"),
    "deleted": __("deleted the page"),
    "restored": __("brought back the page"),
}


def pages_panel() -> Panel:
    """The panel of a workspace's pages."""
    return Panel(__("Pages"), "collaboration/pages_panel.html", pages_of, icon="note", name="pages")


def pages_of(actor: Actor, workspace: Workspace) -> dict[str, Any] | None:
    """Pages by title, and where one is begun."""
    found = visible(actor, record_type("pages")).filter(workspace=workspace.pk).order_by("title_fold", "pk")
    shown = [{"title": one.title, "url": page_url(one), "when": one.changed_at} for one in found[:IN_A_PANEL]]
    may_add = workspace.may_change and not workspace.is_deleted  # type: ignore[attr-defined]  # found with its rights
    if not shown and not may_add:
        return None
    return {"pages": shown, "add_url": address("collaboration:new-page", workspace.pk) if may_add else None}


def tell_pages(actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """Pages on the timeline of their workspace; what they say stands in their own history."""
    keys = [item.about_id for item in items]
    rows = {one.pk: one for one in visible(actor, record_type("pages"), deleted=None).filter(pk__in=keys)}
    return {item.id: _told(item, rows.get(item.about_id) if item.about_id else None) for item in items}


def page_url(page: Page, name: str = "page") -> str:
    """The address of a page, or of what belongs to it."""
    return address(f"collaboration:{name}", page.workspace_id, page.pk)


def versions_of(actor: Actor, page: Page, *, before: int | None) -> tuple[list[dict[str, Any]], int | None]:
    """Who wrote when, newest first, each with the text as it was then; and where it goes on."""
    told = timeline(actor, page.pk, before=before)
    return [one for item in told.items if item.is_own and (one := _version(item))], told.before


def _told(item: Item, page: Page | None) -> dict[str, Any]:
    told: dict[str, Any] = {"icon": "note", "text": str(WORDS[item.kind]), "about": None, "changes": []}
    if page is None or page.is_deleted:
        return told | {"text": f"{told['text']} {page.title if page else ''}"}
    return told | {"url": page_url(page), "link": page.title}


def _version(item: Item) -> dict[str, Any] | None:
    change = next((one for one in item.changes if one.field.slug == "text"), None)
    if change is None or item.kind not in ("created", "changed"):
        return None
    return {"entry": item.id, "who": item.actor, "when": item.at, "text": change.after or ""}
