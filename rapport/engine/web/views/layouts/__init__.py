"""The ways to show a list: each makes what its template needs from what the address asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.registry import RecordType
from rapport.engine.web.boards import has_board
from rapport.engine.web.views.layouts.board import board
from rapport.engine.web.views.layouts.chart import chart
from rapport.engine.web.views.layouts.table import table
from rapport.engine.web.views.listed import Listed


@dataclass(frozen=True)
class Layout:
    """A way to show a list. `make` gives the template's context; the frame of the list is made for it.

    `fits` says whether records of a type, as far as an actor sees them, can be shown so.
    """

    name: str
    label: Promise
    icon: str
    template: str
    make: Callable[[HttpRequest, Listed], dict[str, Any]]
    fits: Callable[[Actor, RecordType], bool] = lambda _actor, _rtype: True


LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout("", _("Table"), "list", "web/layouts/table.html", table),
        Layout("board", _("Board"), "cols", "web/layouts/board.html", board, has_board),
        Layout("chart", _("Chart"), "chart", "web/layouts/chart.html", chart),
    )
}  # fmt: skip


def layouts_for(actor: Actor, asked: Listed) -> list[Layout]:
    """The ways that there are for these records."""
    return [one for one in LAYOUTS.values() if one.fits(actor, asked.rtype)]


def layout_of(actor: Actor, asked: Listed) -> Layout:
    """The way that the address names; a table where it names none, or one that there is not."""
    named = LAYOUTS.get(asked.layout, LAYOUTS[""])
    return named if named.fits(actor, asked.rtype) else LAYOUTS[""]
