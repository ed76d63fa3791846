"""The pages of a workspace as its page shows them, and the versions of one."""

from typing import Any

from django.utils.translation import gettext_lazy as __

from rapport.engine.collaboration.models import Page, Workspace
from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import Panel, record_type
from rapport.engine.records.timeline import Item, timeline
from rapport.engine.web.addresses import address

IN_A_PANEL = 50


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


def page_url(page: Page, name: str = "page") -> str:
    """The address of a page, or of what belongs to it."""
    return address(f"collaboration:{name}", page.workspace_id, page.pk)


def versions_of(actor: Actor, page: Page, *, before: int | None) -> tuple[list[dict[str, Any]], int | None]:
    """Who wrote when, newest first, each with the text as it was then; and where it goes on."""
    told = timeline(actor, page.pk, before=before)
    return [one for item in told.items if item.is_own and (one := _version(item))], told.before


def _version(item: Item) -> dict[str, Any] | None:
    change = next((one for one in item.changes if one.field.slug == "text"), None)
    if change is None or item.kind not in ("created", "changed"):
        return None
    return {"entry": item.id, "who": item.actor, "when": item.at, "text": change.after or ""}
