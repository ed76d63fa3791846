"""A card of a board as HTML, in one piece: a board has some hundred and fifty of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from markupsafe import Markup

from rapport.engine.web.markup import html, icon_html
from rapport.engine.web.values import face_html

TILE = (
    '<li class="card tile" id="card-{}" data-version="{}"{}><div class="top">'
    '<a class="title" href="{}" draggable="false">{}</a>{}{}{}</div>{}{}</li>'
)
OWNER = '<span class="owner" title="{}">{}<span class="sr">{}</span></span>'
BESIDE = '<a class="beside" href="{}" data-peek="{}" draggable="false" aria-label="{}">{}</a>'
MOVE = '<a class="btn quiet small move" href="{}" hx-boost="false" draggable="false" aria-label="{}" title="{}">{}</a>'
SECOND = '<span class="dim second">{}</span>'
END = '<div class="end">{}{}</div>'
AMOUNT = '<b class="num">{}</b>'
AGE = '<span class="chip" title="{}">{}</span>'
DRAGGED = Markup(' draggable="true"')


@dataclass(frozen=True)
class Tile:
    """What stands on a card; what is empty stands not there. Without an address to move it to it stays."""

    id: UUID
    version: int
    title: str
    url: str
    beside_url: str
    move_url: str
    owner: Mapping[str, Any] | None
    second: str
    amount: str
    age: str
    since: str


class Tiles:
    """Makes cards of one board; the words that stand on every one are looked up once."""

    def __init__(self) -> None:
        self.beside, self.move, self.move_to = _("Open beside the list"), _("Move %(title)s"), _("Move to…")
        self.since = _("Since %(moment)s")

    def tile(self, one: Tile) -> Markup:
        who = one.owner
        owner = html(OWNER, who["title"], face_html(who["face"]), who["title"]) if who else ""
        beside = html(BESIDE, one.beside_url, one.id, self.beside, icon_html("beside"))
        second = html(SECOND, one.second) if one.second else ""
        return html(
            TILE, one.id, one.version, DRAGGED if one.move_url else "", one.url, one.title, owner, beside,
            self._move(one), second, self._end(one),
        )  # fmt: skip

    def _move(self, one: Tile) -> Markup | str:
        if not one.move_url:
            return ""
        return html(MOVE, one.move_url, self.move % {"title": one.title}, self.move_to, icon_html("dots"))

    def _end(self, one: Tile) -> Markup | str:
        if not one.amount and not one.age:
            return ""
        age = html(AGE, self.since % {"moment": one.since}, one.age) if one.age else ""
        return html(END, html(AMOUNT, one.amount) if one.amount else "", age)
