"""A board: the records of a list in lanes, one for each value of a field, with what each lane comes to."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.records.definitions import definitions
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask, may
from rapport.engine.records.queries.counting import CAP
from rapport.engine.records.queries.labels import users_by_name
from rapport.engine.records.queries.lanes import NOTHING, Key
from rapport.engine.records.queries.summing import AMOUNTS, By, Measure, Total, grouped
from rapport.engine.records.reading import zone_now
from rapport.engine.records.registry import RecordType
from rapport.engine.web.counts import eyes_of, kept_if_large
from rapport.engine.web.views.listed import Listed

# How the lane of records without a value, and a board without sums, stand in addresses and forms.
WITHOUT = "~"
MOST_OPTIONS = 30
MOST_OTHERS = 10
MOST_GROUPS = 1_000


@dataclass(frozen=True)
class Lane:
    """One value of the field. `name` stands in addresses; only an open lane takes cards."""

    name: str
    key: Key
    label: str
    colour: str = ""
    is_open: bool = True
    count: int = 0
    total: Decimal | None = None


Groups = dict[Key, tuple[int, Decimal | None]]


@dataclass
class Board:
    """The field by which records stand in lanes, the amount that is summed up, and for whom."""

    asked: Listed
    actor: Actor
    by: Field
    summed: Field | None
    groups: Groups = field(default_factory=dict)

    @property
    def rtype(self) -> RecordType:
        return self.asked.rtype

    @cached_property
    def may_move(self) -> bool:
        """Whether there is a card at all that this actor may move."""
        allowed = mask(self.actor, self.rtype).lets_change(self.by.slug)
        return may(self.actor, self.rtype, "change") and allowed and not self.by.readonly and not self.asked.deleted

    def count(self) -> None:
        """Ask what each lane comes to: one query over all that the list holds."""
        vars(self).pop("lanes", None)
        measures = [Measure(Total.COUNT)] + ([Measure(Total.SUM, self.summed)] if self.summed else [])
        zone, asked = zone_now()["zone"], self.asked

        def made() -> Groups:
            found = grouped(self.rtype, asked.rows, [By(self.by)], measures, zone=zone, most=MOST_GROUPS)
            return {one.keys[0]: (one.values[0], one.values[1] if self.summed else None) for one in found}

        meant = (self.rtype.slug, self.by.slug, self.summed and self.summed.slug, asked.where, asked.deleted)
        self.groups = kept_if_large((eyes_of(self.actor), *meant), made, is_large=_are_many)

    @cached_property
    def lanes(self) -> list[Lane]:
        """The options in their order, those without a value, and what is no longer offered but still stands."""
        named = list(_offered(self.by))
        offered = {lane.key for lane in named}
        others = [key for key in self.groups if key is not NOTHING and key not in offered]
        others.sort(key=lambda key: (-self.groups[key][0], str(key)))
        named.append(Lane(WITHOUT, NOTHING, nothing_label(self.by), is_open=not self.by.required))
        named += [_left(self.by, key) for key in others[:MOST_OTHERS]]
        return [_counted(lane, *self.groups.get(lane.key, (0, None))) for lane in named]

    @property
    def left_out(self) -> int:
        """How many records stand in lanes that there is no room for."""
        shown = {lane.key for lane in self.lanes}
        return sum(count for key, (count, _total) in self.groups.items() if key not in shown)

    def is_shown(self, lane: Lane) -> bool:
        """The lane of records without a value stands there when it has some, or is asked for."""
        return lane.key is not NOTHING or lane.count > 0 or self.asked.parts["blank"] == "1"

    def lane(self, name: str) -> Lane | None:
        """A lane by its name; one that is no longer offered need not be counted to be found."""
        found = next((lane for lane in self.lanes if lane.name == name), None)
        key = read_id(name) if self.by.type.name == "user" else self.by.option(name) and name
        return found or (_left(self.by, key) if key else None)

    def lane_of(self, value: Any) -> Lane | None:
        """In which lane a record with this value stands."""
        key = NOTHING if self.by.type.is_empty(value) else value
        return next((lane for lane in self.lanes if lane.key == key), None)


def board_of(actor: Actor, asked: Listed, by: Field | None = None) -> Board | None:
    """The board that the address asks for, else that of the first field that has one; None where no field has."""
    able = board_fields(actor, asked.rtype)
    by = by or _named(able, asked.parts["board"]) or next(iter(able), None)
    return Board(asked, actor, by, _summed(actor, asked)) if by else None


def has_board(actor: Actor, rtype: RecordType) -> bool:
    return bool(board_fields(actor, rtype))


def board_fields(actor: Actor, rtype: RecordType) -> list[Field]:
    """Fields by which records can stand in lanes: choices with not too many options, then users."""
    shown = _shown(actor, rtype, {"choice", "user"})
    choices = [one for one in shown if one.type.name == "choice" and 0 < len(one.options) <= MOST_OPTIONS]
    return [*choices, *(one for one in shown if one.type.name == "user")]


def sum_fields(actor: Actor, rtype: RecordType) -> list[Field]:
    """Amounts that the heads of lanes can add up: money first."""
    shown = _shown(actor, rtype, AMOUNTS)
    return sorted(shown, key=lambda one: one.type.name != "money")


def nothing_label(by: Field) -> str:
    """What the lane of those without a value is called."""
    return _("No %(field)s") % {"field": str(by.label)[:1].lower() + str(by.label)[1:]}


def _shown(actor: Actor, rtype: RecordType, types: Collection[str]) -> list[Field]:
    allowed = mask(actor, rtype)
    return [
        one for one in rtype.all_fields() if one.type.name in types and one.through is None and allowed.shows(one.slug)
    ]


def _summed(actor: Actor, asked: Listed) -> Field | None:
    able = sum_fields(actor, asked.rtype)
    if asked.parts["sum"] == WITHOUT:
        return None
    return _named(able, asked.parts["sum"]) or next(iter(able), None)


def _named(fields: list[Field], slug: str) -> Field | None:
    return next((one for one in fields if one.slug == slug), None)


def _offered(by: Field) -> Iterator[Lane]:
    if by.type.name == "user":
        for user in users_by_name(MOST_OPTIONS):
            yield Lane(str(user.id), user.id, user.title)
        return
    for option in by.options:
        yield Lane(option.value, option.value, str(option.label), option.colour)


def _left(by: Field, key: Key) -> Lane:
    """A lane that nothing is put into any more: a retired option, a user who is gone."""
    if isinstance(key, UUID):
        return Lane(str(key), key, definitions().user_names.get(key, _("Somebody who is gone")), is_open=False)
    option = by.option(key)
    return Lane(key, key, str(option.label) if option else key, option.colour if option else "", is_open=False)


def _are_many(groups: Groups) -> bool:
    return sum(count for count, _total in groups.values()) > CAP


def _counted(lane: Lane, count: int, total: Decimal | None) -> Lane:
    return Lane(lane.name, lane.key, lane.label, lane.colour, lane.is_open, count, total)
