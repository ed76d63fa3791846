"""Pins of a workspace: records and saved views that its members have at hand."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.accounts.notifications import wake_record
from rapport.engine.collaboration.models import Pin, Workspace
from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor
from rapport.engine.records.actions import require_record
from rapport.engine.records.gate import visible
from rapport.engine.records.models import SavedView
from rapport.engine.records.registry import Panel, RecordType, record_type, record_types
from rapport.engine.records.saved.queries import seen
from rapport.engine.records.showing import face, view_url
from rapport.engine.records.timeline import Item
from rapport.engine.web.addresses import address, of_record
from rapport.engine.web.deeds import Deed
from rapport.engine.web.views.presenting import pointers_to

VIEWS = "views"
MOST = 100  # pins of a workspace


def pins_panel() -> Panel:
    """The panel of what is pinned to a workspace."""
    return Panel(__("Pinned"), "collaboration/pins_panel.html", _panel, icon="pin", name="pins")


def pin(act: Act, workspace: Workspace, what: str, key: UUID) -> Pin:
    """Pin something that the actor sees behind all others; what is pinned already stays where it is.

    `what` is the slug of a record type, or VIEWS; the caller has found it through the gate. Raises NotAllowed.
    """
    require_record(act, record_type("workspaces"), "change", workspace)
    act.lock(workspace)
    pins = record_type("pins").rows().filter(workspace=workspace.pk, deleted_at=None)
    known: Pin | None = pins.filter(record_type=what, record_id=key).first()
    if known is not None:
        return known
    place = (pins.aggregate(last=Max("place"))["last"] or 0) + 1
    wake_record(workspace.pk)
    return act.create(Pin(workspace=workspace, record_type=what, record_id=key, place=place))


def move_pin(act: Act, one: Pin, *, up: bool) -> None:
    """Change places with the pin before or behind it; the first and the last stay. Raises NotAllowed."""
    require_record(act, record_type("pins"), "change", one)
    row = [pin for pin, _shown in pins_of(act.actor, one.workspace_id)]
    at = next((number for number, other in enumerate(row) if other.pk == one.pk), -1)
    to = at + (-1 if up else 1)
    if at < 0 or not 0 <= to < len(row):
        return
    row[at], row[to] = row[to], row[at]
    act.change_each([(pin, {"place": number}) for number, pin in enumerate(row, 1)])
    wake_record(one.workspace_id)


def pins_of(actor: Actor, workspace: UUID) -> list[tuple[Pin, dict[str, Any]]]:
    """The pins whose records the actor sees, each with its title and address; of the others there is no trace."""
    rows = visible(actor, record_type("pins")).filter(workspace=workspace).order_by("place", "pk")[:MOST]
    shown = _pointers(actor, pins := list(rows))
    return [(one, shown[one.record_id]) for one in pins if one.record_id in shown]


def workspaces_of(actor: Actor) -> list[Workspace]:
    """The workspaces of an actor by name."""
    return list(visible(actor, record_type("workspaces")).order_by("name_fold", "pk")[:200])


def offer_pin(_actor: Actor, rtype: RecordType, row: Any) -> Deed | None:
    """The line of a record's menu that leads to its pinning. Workspaces are not pinned to each other."""
    if rtype.slug == "workspaces" or rtype.sees_as:
        return None
    return Deed(_("Pin to a workspace…"), "pin", of_record("collaboration:pin", rtype.slug, row.pk))


def offer_view_pin(view: SavedView) -> Deed:
    """The line of a saved view's menu that leads to its pinning."""
    url = address("collaboration:pin-view", view.record_type, view.pk)
    return Deed(_("Pin to a workspace…"), "pin", url)


def tell_pins(actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """Pins on a timeline, by what is pinned where the reader sees it."""
    keys = [item.about_id for item in items]
    rows = {one.pk: one for one in visible(actor, record_type("pins"), deleted=None).filter(pk__in=keys)}
    shown = _pointers(actor, list(rows.values()))
    words = {"created": _("pinned"), "deleted": _("unpinned"), "restored": _("pinned again"), "changed": _("moved")}
    told: dict[int, dict[str, Any]] = {}
    for item in items:
        one = rows.get(item.about_id) if item.about_id else None
        about = shown.get(one.record_id) if one else None
        told[item.id] = {"icon": "pin", "text": words[item.kind], "about": about, "changes": []}
        if about is None:
            told[item.id]["text"] = _("changed what is pinned")
    return told


def _pointers(actor: Actor, pins: Sequence[Pin]) -> dict[UUID, dict[str, Any]]:
    wanted = [one.record_id for one in pins if one.record_type == VIEWS]
    views = seen(actor, list(record_types())).filter(pk__in=wanted) if wanted else []
    records = pointers_to(actor, {(one.record_type, one.record_id) for one in pins if one.record_type != VIEWS})
    return {**records, **{one.pk: _view(one) for one in views}}


def _view(view: SavedView) -> dict[str, Any]:
    url = view_url(view.record_type, view.pk)
    return {"id": view.pk, "title": view.name, "url": url, "face": face(view.name, view.pk, square=True)}


def _panel(actor: Actor, workspace: Workspace) -> dict[str, Any] | None:
    may_change = workspace.may_change and not workspace.is_deleted  # type: ignore[attr-defined]  # found with its rights
    shown = [
        {"id": one.pk, "what": pointer, "urls": {deed: _deed_url(one, deed) for deed in ("up", "down", "unpin")}}
        for one, pointer in pins_of(actor, workspace.pk)
    ]
    return {"pins": shown, "may_change": may_change}


def _deed_url(one: Pin, deed: str) -> str:
    return address("collaboration:pin-deed", one.pk, deed)
