"""How a list is grouped: what its address says of it, and what each group is called and in which order they stand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from babel.dates import format_skeleton
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import Leaf, Op, both
from rapport.engine.records.filters.values import Bool, Day, Id, Ident, Number, Text, Value, is_word
from rapport.engine.records.folding import fold
from rapport.engine.records.gate import mask
from rapport.engine.records.queries.labels import POINTING, USERS
from rapport.engine.records.queries.summing import LISTS, By, Group, Sort, Unit
from rapport.engine.records.queries.summing_text import DATES, read_by
from rapport.engine.records.queries.within import after
from rapport.engine.records.registry import RecordType
from rapport.engine.web import formatting
from rapport.engine.web.markup import html
from rapport.engine.web.values import SHOWN, chip_html, shower, who_html

BY_VALUE = DATES | {"number"}
CHOSEN = frozenset({"choice", "choices"})
WHOLE_TEXT = frozenset({"emails", "domains"})
SKELETONS = {Unit.MONTH: "yMMMM", Unit.QUARTER: "yQQQ", Unit.YEAR: "y"}


@dataclass(frozen=True)
class Grouping:
    """By which field, and which way."""

    by: By
    falls: bool

    @property
    def field(self) -> Field:
        return self.by.field

    @property
    def text(self) -> str:
        """`-created_at:month`, as it stands in an address."""
        unit = f":{self.by.unit}" if self.by.unit else ""
        return f"{'-' if self.falls else ''}{self.field.slug}{unit}"

    @property
    def sort(self) -> Sort:
        """Which groups are kept where there are too many: of dates and numbers the first, of others the largest."""
        if self.field.type.name not in BY_VALUE:
            return Sort.LARGEST
        return Sort.DOWN if self.falls else Sort.UP


def read_grouping(actor: Actor, rtype: RecordType, text: str) -> Grouping | None:
    """Read `-created_at:month`. Raises Invalid, which says what is wrong."""
    if not text:
        return None
    by = read_by(rtype, text.removeprefix("-"), mask(actor, rtype).hidden, actor)
    return Grouping(by, text.startswith("-"))


def group_filter(where: str, grouping: Grouping, key: Any) -> str:
    """A filter for the records of a group among those of another filter; empty where none can say it."""
    made = partial(Leaf, (grouping.field.slug,))
    try:
        if key is None:
            return to_text(both(parse(where), made(Op.EMPTY)))
        if grouping.by.unit:
            end = after(key, grouping.by.unit)
            until = [made(Op.LT, (Day(end),))] if end else []
            return to_text(both(parse(where), made(Op.GE, (Day(key),)), *until))
        return to_text(both(parse(where), made(Op.EQ, (_value(grouping.field, key),))))
    except (ValueError, FilterError):
        return ""


def _value(field: Field, key: Any) -> Value:
    kinds: dict[str, Callable[[Any], Value]] = {"number": _number, "bool": Bool, "relation": Id, "user": Id}
    if field.type.name in kinds:
        return kinds[field.type.name](key)
    return Ident(key) if field.type.name in CHOSEN and is_word(key) else Text(key)


def _number(key: int | Decimal) -> Number:
    return Number(Decimal(key))


def pointed_by(grouping: Grouping, groups: Sequence[Group]) -> set[tuple[str, UUID]]:
    """The (type, id) pairs whose names the groups bear."""
    kind = USERS if grouping.field.type.name == "user" else grouping.field.target
    return {(kind, one.keys[0]) for one in groups if one.keys[0]} if grouping.field.type.name in POINTING else set()


def in_order(grouping: Grouping, groups: Sequence[Group], pointers: Mapping[UUID, Mapping[str, Any]]) -> list[Group]:
    """Choices as they are declared, dates and numbers by value, others by name; without a value last."""
    field, kind = grouping.field, grouping.field.type.name
    places = {one.value: place for place, one in enumerate((*field.options, *field.retired))} if kind in CHOSEN else {}

    def place(group: Group) -> Any:
        key = group.keys[0]
        if kind in CHOSEN:
            return places.get(key, len(places)), str(key)
        if kind in BY_VALUE:
            return key
        if kind == "bool":
            return not key
        return fold(str(pointers[key]["title"] if key in pointers else key)), str(key)

    filled = sorted((one for one in groups if one.keys[0] is not None), key=place, reverse=grouping.falls)
    return [*filled, *(one for one in groups if one.keys[0] is None)]


def group_html(grouping: Grouping, key: Any, pointers: Mapping[UUID, Mapping[str, Any]]) -> Markup:
    """What a group is called: a chip, a face with a name, a stretch of time, or the value as a list shows it."""
    field, kind = grouping.field, grouping.field.type.name
    if key is None:
        return html('<span class="dim">{}</span>', _("No %(what)s") % {"what": in_a_sentence(str(field.label))})
    if kind in POINTING:
        return who_html(pointers[key], link=False) if key in pointers else escape(_("Without a name"))
    if kind in CHOSEN:
        return escape(SHOWN["choice"](field, False)(key))
    if kind in LISTS:
        return chip_html(key, plain=True)
    if grouping.by.unit:
        return escape(stretch_text(key, grouping.by.unit))
    if kind == "phones":
        return escape(formatting.phone(key))
    return escape(key if kind in WHOLE_TEXT else shower(field)(key))


def stretch_text(start: date, unit: Unit) -> str:
    """`November 2026`, `Q4 2026`, `Week of 2 Nov 2026`."""
    if unit in SKELETONS:
        return format_skeleton(SKELETONS[unit], start, locale=formatting.locale())
    day = format_skeleton("yMMMd", start, locale=formatting.locale())
    return _("Week of %(day)s") % {"day": day} if unit is Unit.WEEK else day


def in_a_sentence(label: str) -> str:
    """A label within a sentence: `Stage` as `stage`, and `VAT number` as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
