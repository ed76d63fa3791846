"""The cards of a board: who, of what, how much, for how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.records.bookkeeping import BOOKKEEPING
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask, reaches_all, visible, within_reach
from rapport.engine.records.queries import Page, page_or_first
from rapport.engine.records.queries.lanes import first_in_lanes, in_lane, in_lane_since
from rapport.engine.records.showing import record_url
from rapport.engine.records.watching import PAGE, watch
from rapport.engine.web.addresses import ANY, address
from rapport.engine.web.boards import WITHOUT, Board, Lane
from rapport.engine.web.choosing import house_currency
from rapport.engine.web.formatting import brief_money, moment_text, number
from rapport.engine.web.tiles import Tile, Tiles
from rapport.engine.web.values import shower
from rapport.engine.web.views.presenting import present

PAGE_SIZE = 25
CREATED = next(one for one in BOOKKEEPING if one.slug == "created_at")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class CardFields:
    """Which fields a card shows, those left out that are hidden."""

    every: list[Field]
    second: Field | None
    owner: Field | None


def first_cards(board: Board) -> dict[str, Page]:
    """The first records of each lane that has any, by the name of the lane."""
    filled = [lane for lane in board.lanes if lane.count]
    found = first_in_lanes(
        board.rtype, board.asked.rows, card_fields(board).every,
        by=board.by, keys=[lane.key for lane in filled], order=board.asked.order, limit=PAGE_SIZE,
    )  # fmt: skip
    return {lane.name: found[lane.key] for lane in filled}


def cards_from(board: Board, lane: Lane, cursor: str) -> Page:
    """Those of one lane from a cursor on; the first ones where the cursor is not this lane's."""
    rows = board.asked.rows.filter(in_lane(board.rtype, board.by, lane.key))
    fields, order = card_fields(board).every, board.asked.order
    return page_or_first(board.rtype, rows, fields, order=order, limit=PAGE_SIZE, cursor=cursor)


def cards(board: Board, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Records as cards; some queries for all of them together."""
    fields, keys = card_fields(board), [row["id"] for row in rows]
    movable, since = _movable(board, keys), in_lane_since(board.rtype, board.by, rows)
    watch(board.actor, board.rtype, fields.every, rows, door=PAGE)
    shown = present(board.actor, fields.every, rows)
    made = _Maker(board, fields)
    return [made.card(row, is_movable=row["id"] in movable, since=since.get(row["id"])) for row in shown]


def card_fields(board: Board) -> CardFields:
    """The title, whose it is, a second line as a phone has it, the amount, the field of the lanes, when it was made."""
    rtype, allowed = board.rtype, mask(board.actor, board.rtype)

    def seen(slug: str) -> Field | None:
        return rtype.field(slug) if allowed.shows(slug) else None

    told = {rtype.title, board.by.slug, board.summed.slug if board.summed else ""}
    owner = seen("owner") if board.by.slug != "owner" else None
    asked = [one.slug for one in board.asked.fields] if board.asked.parts["columns"] else rtype.phone_columns
    second = next((one for slug in asked if slug not in {*told, "owner"} and (one := seen(slug))), None)
    every = [seen(rtype.title), second, board.summed, owner, board.by, CREATED]
    return CardFields([one for one in every if one], second, owner)


def total_text(board: Board, lane: Lane) -> str:
    """The sum of a lane as people write it; money in the currency of the house."""
    if board.summed is None or lane.total is None:
        return ""
    if board.summed.type.name == "money":
        return brief_money({"amount": lane.total, "currency": house_currency()})
    return number(lane.total)


def _movable(board: Board, keys: Sequence[UUID]) -> set[UUID]:
    """Those of the records that this actor may move."""
    if not board.may_move or not keys:
        return set()
    if not board.rtype.sees_as and reaches_all(board.actor, board.rtype, "change"):
        return set(keys)
    rows = visible(board.actor, board.rtype).filter(pk__in=keys)
    return set(within_reach(board.actor, board.rtype, "change", rows).values_list("pk", flat=True))


class _Maker:
    """Makes cards; what is the same for all of them is found once."""

    def __init__(self, board: Board, fields: CardFields) -> None:
        self.rtype, self.board, self.fields = board.rtype, board, fields
        self.nameless, self.tiles = _("Without a name"), Tiles()
        self.today = timezone.localdate()
        self.move_url = board.asked.url_of("web:move", ANY, board.by.slug)
        self.beside_url = board.asked.beside(ANY)
        self.second = shower(fields.second) if fields.second else None

    def card(self, row: Row, *, is_movable: bool, since: Any) -> dict[str, Any]:
        key = str(row["id"])
        tile = Tile(
            id=row["id"],
            version=row["version"],
            title=str(row.get(self.rtype.title) or self.nameless),
            url=record_url(self.rtype, row["id"]),
            beside_url=self.beside_url.replace(str(ANY), key),
            move_url=self.move_url.replace(str(ANY), key) if is_movable else "",
            owner=row.get("owner") if self.fields.owner else None,
            second=self._second(row),
            amount=self._amount(row),
            age=self._age(since),
            since=moment_text(since) if since else "",
        )
        return {"id": row["id"], "html": self.tiles.tile(tile)}

    def _second(self, row: Row) -> str:
        field = self.fields.second
        if field is None or self.second is None or field.type.is_empty(row[field.slug]):
            return ""
        value = row[field.slug]
        return value["title"] if field.type.name in ("relation", "user") else self.second(value)

    def _amount(self, row: Row) -> str:
        field = self.board.summed
        value = row[field.slug] if field else None
        if field is None or value is None:
            return ""
        return brief_money(value) if field.type.name == "money" else number(value)

    def _age(self, since: Any) -> str:
        """How many days it has stood in its lane."""
        if since is None:
            return ""
        days = (self.today - timezone.localtime(since).date()).days
        if days <= 0:
            return _("new today")
        if self.board.by.slug == "stage":
            return ngettext("%(n)d d in stage", "%(n)d d in stage", days) % {"n": days}
        return ngettext("%(n)d d here", "%(n)d d here", days) % {"n": days}


def create_url(board: Board, lane: Lane) -> str:
    """The form for a new record that stands in this lane."""
    path = address("web:create", board.rtype.slug)
    return path if lane.name == WITHOUT else f"{path}?{board.by.slug}={lane.name}"


__all__ = ["card_fields", "cards", "cards_from", "create_url", "first_cards", "total_text"]
