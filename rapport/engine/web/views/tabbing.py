"""The tabs of a list: everything, saved views, what is mine, what is deleted; and what can be done with the one on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from rapport.engine.records.models import SavedView
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.saved.parts import is_same, tidy
from rapport.engine.records.saved.queries import Shown, views_of
from rapport.engine.web.addresses import address
from rapport.engine.web.deeds import VIEW_DEEDS
from rapport.engine.web.views.finding import actor_of
from rapport.engine.web.views.listed import Listed

EVERYTHING = "all"  # says in an address that no view is meant, where a list opens with one
IN_ROW = 6  # saved views beside each other; the others stand in a menu
MINE = "owner = me"


@dataclass(frozen=True)
class Views:
    """The saved views of a list: those that its reader sees, the one that is on, and whether one is gone."""

    shown: list[Shown]
    on: Shown | None
    is_gone: bool

    @property
    def default(self) -> Shown | None:
        """The one with which the list opens."""
        return next((one for one in self.shown if one.is_default), None)


def views_in(request: HttpRequest, asked: Listed) -> Views:
    """Read which view an address names; one that is gone is left out of every link."""
    shown = views_of(actor_of(request), [asked.rtype])
    named = asked.parts["view"]
    on = next((one for one in shown if str(one.row.pk) == named), None)
    is_gone = bool(named) and named != EVERYTHING and on is None
    if is_gone:
        asked.parts["view"] = ""
    return Views(shown, on, is_gone)


def view_url(row: SavedView, parts: Mapping[str, str] | None = None) -> str:
    """The list with everything that the view keeps in its address, or with other parts."""
    rtype = record_type(row.record_type)
    kept = tidy(rtype, row.parts if parts is None else parts)
    return f"{address('web:list', rtype.slug)}?{urlencode({'view': str(row.pk)} | kept)}"


def plain_url(rtype: RecordType, *, opens_with_a_view: bool) -> str:
    """The list of everything; where it opens with a view, its address says so."""
    path = address("web:list", rtype.slug)
    return f"{path}?view={EVERYTHING}" if opens_with_a_view else path


def tab_row(request: HttpRequest, asked: Listed, views: Views) -> dict[str, Any]:
    """What the row of tabs shows."""
    has_changed = _has_changed(request, asked, views)
    saved = [_tab(one, views, has_changed=has_changed) for one in views.shown]
    row = saved[:IN_ROW] + [tab for tab in saved[IN_ROW:] if tab["on"]]
    first, *others = _fixed(asked, views)
    can_save = has_changed and not asked.error
    all_url = plain_url(asked.rtype, opens_with_a_view=views.default is not None)
    return {
        "tabs": [first, *row, *others],
        "more_tabs": [tab for tab in saved[IN_ROW:] if not tab["on"]],
        "view": _menu(views) if views.on else None,
        "view_is_gone": views.is_gone,
        "all_url": all_url,
        "can_save": can_save,
        "can_keep": can_save and views.on is not None and views.on.may_change,
        "save_url": address("web:save-view", asked.rtype.slug),
        "saved_parts": tidy(asked.rtype, asked.parts),
    }


def _has_changed(request: HttpRequest, asked: Listed, views: Views) -> bool:
    """Whether the list is shown in a way that no tab says."""
    if views.on:
        return not is_same(actor_of(request), asked.rtype, views.on.row, asked.parts)
    return tidy(asked.rtype, asked.parts) not in ({}, {"where": MINE}, {"deleted": "1"})


def _tab(one: Shown, views: Views, *, has_changed: bool) -> dict[str, Any]:
    is_on = views.on is one
    return {
        "label": one.row.name,
        "url": view_url(one.row),
        "on": is_on,
        "has_changed": is_on and has_changed,
        "is_shared": one.row.is_shared,
        "is_default": one.is_default,
    }


def _fixed(asked: Listed, views: Views) -> list[dict[str, Any]]:
    """The tabs of every list. From a view they lead to the plain list, else they keep columns and order."""
    rest = dict.fromkeys(asked.parts, "") if views.on else {"where": "", "deleted": "", "view": ""}
    all_label = _("All %(what)s") % {"what": asked.rtype.label_plural}
    every = rest | {"view": EVERYTHING if views.default else ""}
    is_plain = views.on is None and not asked.deleted
    tabs = [{"label": all_label, "url": asked.url(**every), "on": is_plain and not asked.where, "icon": "list"}]
    if asked.rtype.field("owner"):
        mine = asked.url(**rest | {"where": MINE})
        tabs.append({"label": _("Mine"), "url": mine, "on": is_plain and asked.where == MINE})
    deleted = asked.url(**rest | {"deleted": "1"})
    tabs.append({"label": _("Deleted"), "url": deleted, "on": views.on is None and asked.deleted})
    return tabs


def _menu(views: Views) -> dict[str, Any]:
    """What can be done with the view that is on."""
    one = views.on
    assert one
    beside = [other.row.pk for other in views.shown if other.row.is_shared == one.row.is_shared]
    place = beside.index(one.row.pk)
    return {
        "row": one.row,
        "is_default": one.is_default,
        "may_change": one.may_change,
        "can_left": one.may_change and place > 0,
        "can_right": one.may_change and place < len(beside) - 1,
        "deeds": [offer(one.row) for offer in VIEW_DEEDS],
    }
