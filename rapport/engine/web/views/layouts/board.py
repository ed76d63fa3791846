"""A list as a board: lanes by the value of a field, what each comes to, and its cards by keyset."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.engine.records.bookkeeping import bookkeeping_of
from rapport.engine.records.gate import mask, may
from rapport.engine.records.queries import Page
from rapport.engine.records.queries.summing import AMOUNTS
from rapport.engine.web.addresses import address
from rapport.engine.web.boards import WITHOUT, Board, Lane, board_fields, board_of, nothing_label, sum_fields
from rapport.engine.web.cards import cards, cards_from, create_url, first_cards, total_text
from rapport.engine.web.choosing import house_currency
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.listed import Listed, listed

MOMENTS = frozenset({"date", "datetime"})
CHOSEN = ("board", "sum", "order", "blank")


def board(request: HttpRequest, asked: Listed) -> dict[str, Any]:
    """The lanes with their first cards; of one lane those from a cursor on, where the address says so."""
    made = _counted(request, asked)
    pages = first_cards(made)
    further = made.lane(request.GET.get("lane", ""))
    if further and asked.cursor:
        pages[further.name] = cards_from(made, further, asked.cursor)
    shown = cards(made, [row for one in pages.values() for row in one.rows])
    by_id = {card["id"]: card for card in shown}
    may_create = may(made.actor, made.rtype, "create") and not asked.deleted
    return {
        "rows": shown,
        "shown": [card["id"] for card in shown],
        "board": made,
        "lanes": [
            lane_context(made, lane, place)
            | _cards(made, lane, pages.get(lane.name), by_id)
            | {"create_url": create_url(made, lane) if may_create and lane.is_open else ""}
            | {"start_url": asked.url() if lane is further and asked.cursor else ""}
            for place, lane in enumerate(made.lanes)
        ],
        "choices": _choices(made),
        "nothing": nothing_label(made.by),
        "chosen_kept": asked.kept(*CHOSEN),
        "list_url": address("web:list", asked.rtype.slug),
        "previous_url": None,
        "next_url": None,
    }


@require_safe
def lane_page(request: HttpRequest, slug: str) -> HttpResponse:
    """More cards of one lane, for script to put at its end."""
    asked = listed(request, find_type(request, slug))
    made = board_of(actor_of(request), replace(asked, cursor=""))
    lane = made.lane(request.GET.get("lane", "")) if made else None
    if made is None or lane is None:
        raise Http404(_("There is no such column."))
    found = cards_from(made, lane, asked.cursor)
    by_id = {card["id"]: card for card in cards(made, found.rows)}
    context = {"lane": {"name": lane.name, "label": lane.label} | _cards(made, lane, found, by_id), "rtype": made.rtype}
    return render(request, "web/layouts/lane_cards.html", context)


def lane_context(made: Board, lane: Lane, place: int) -> dict[str, Any]:
    """A lane and its head, as templates show them."""
    return {
        "id": f"lane-{place}",
        "name": lane.name,
        "label": lane.label,
        "colour": lane.colour,
        "is_plain": bool(made.by.fixed_options),
        "count": lane.count,
        "total": total_text(made, lane),
        "is_shown": made.is_shown(lane),
        "takes": lane.is_open and made.may_move,
    }


def _counted(request: HttpRequest, asked: Listed) -> Board:
    made = board_of(actor_of(request), asked)
    assert made is not None, "a board is shown only where there is one"
    made.count()
    return made


def _cards(made: Board, lane: Lane, found: Page | None, by_id: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    further = {"lane": lane.name, "cursor": found.next} if found and found.next else {}
    return {
        "cards": [by_id[row["id"]] for row in found.rows] if found else [],
        "more_url": made.asked.url(**further) if further else "",
        "more_part_url": made.asked.url_of("web:lane", **further) if further else "",
    }


def _choices(made: Board) -> list[dict[str, Any]]:
    """What the menu of the board lets people choose: the field of the lanes, the amount, the order."""
    actor, asked = made.actor, made.asked
    by = [(one.slug, one.label) for one in board_fields(actor, made.rtype)]
    sums = [(one.slug, one.label) for one in sum_fields(actor, made.rtype)]
    found = [_choice("board", _("Columns"), by, made.by.slug)]
    if sums:
        summed = made.summed.slug if made.summed else WITHOUT
        found.append(_choice("sum", _("Sum"), [*sums, (WITHOUT, _("None"))], summed) | {"hint": _currency_hint(made)})
    return [*found, _choice("order", _("Order of cards"), _orders(made), asked.order.text)]


def _choice(name: str, label: str, options: list[tuple[str, Any]], chosen: str) -> dict[str, Any]:
    offered = [{"value": value, "label": words, "on": value == chosen} for value, words in options]
    return {"name": name, "label": label, "options": offered, "hint": ""}


def _currency_hint(made: Board) -> str:
    if made.summed is None or made.summed.type.name != "money":
        return ""
    words = _("In %(currency)s. Amounts in other currencies are left out while their rate is not known here.")
    return words % {"currency": house_currency()}


def _orders(made: Board) -> list[tuple[str, Any]]:
    """By what cards can be sorted: text from A to Z, amounts and moments from the greatest, and what is asked now."""
    hidden = mask(made.actor, made.rtype).hidden
    fields = (*made.rtype.all_fields(), *bookkeeping_of(is_judged=made.rtype.by_roles))
    able = [one for one in fields if one.sortable and one.slug not in hidden]
    offered = [f"-{one.slug}" if one.type.name in AMOUNTS | MOMENTS else one.slug for one in able]
    here = made.asked.order.text
    return [(text, _order_words(made, text)) for text in dict.fromkeys([*offered, here])]


def _order_words(made: Board, text: str) -> str:
    field, falls = made.rtype.field(text.removeprefix("-")), text.startswith("-")
    name = {"field": field.label if field else _("Deleted")}
    if field is None or field.type.name in MOMENTS:
        return (_("%(field)s, latest first") if falls else _("%(field)s, earliest first")) % name
    if field.type.name in AMOUNTS:
        return (_("%(field)s, greatest first") if falls else _("%(field)s, smallest first")) % name
    return (_("%(field)s, from Z to A") if falls else _("%(field)s, from A to Z")) % name
