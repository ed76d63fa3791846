"""The ways to show a list: each makes what its template needs from what the address asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.engine.web.views.layouts.table import table
from rapport.engine.web.views.listed import Listed


@dataclass(frozen=True)
class Layout:
    """A way to show a list. `make` gives the template's context; the frame of the list is made for it."""

    name: str
    label: Promise
    icon: str
    template: str
    make: Callable[[HttpRequest, Listed], dict[str, Any]]


LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (Layout("", _("Table"), "list", "web/layouts/table.html", table),)
}  # fmt: skip


def layout_of(asked: Listed) -> Layout:
    """The way that the address names; a table where it names none, or one that is not known."""
    return LAYOUTS.get(asked.layout, LAYOUTS[""])
