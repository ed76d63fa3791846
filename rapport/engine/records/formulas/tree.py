"""The formula as a tree, frozen and equal by value. Conditions in it are those of the filter language."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from rapport.engine.records.filters.errors import NOWHERE, Place
from rapport.engine.records.filters.tree import UNMARKED, Function, Leaf, Marks, Op
from rapport.engine.records.filters.tree import Node as Filter
from rapport.engine.records.filters.values import Bool, Day, Number, Relative, Text, Unit, Value

MAX_TEXT = 2_000
MAX_NODES = 100


class Kind(StrEnum):
    """What sort of value a part of a formula gives."""

    NUMBER = "number"
    MONEY = "money"
    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"
    BOOL = "bool"
    SPAN = "span"


# What a field can be whose values a formula gives.
RESULTS = (Kind.NUMBER, Kind.MONEY, Kind.TEXT, Kind.DATE, Kind.DATETIME, Kind.BOOL)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it is written: a number, text, a day, yes or no, or a day counted from today."""

    value: Value
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time that is added to a day: `30d`, `2 months`."""

    amount: int
    unit: Unit
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A field, reached over relations: `company.size`."""

    path: tuple[str, ...]
    marks: Marks = field(default=UNMARKED, compare=False, repr=False)

    @property
    def place(self) -> Place:
        return self.marks.whole_path


@dataclass(frozen=True, slots=True)
class Made:
    """What is made of records that point here: `sum(orders.amount where placed_at > -1y)`."""

    function: Function
    path: tuple[str, ...]
    where: Filter
    marks: Marks = field(default=UNMARKED, compare=False, repr=False)

    @property
    def place(self) -> Place:
        return self.marks.whole_path


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values: `round(revenue / size, 2)`."""

    name: str
    args: tuple["Node", ...]
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sum:
    """Two values with `+`, `-`, `*` or `/` between them."""

    sign: str
    left: "Node"
    right: "Node"
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared."""

    left: "Node"
    op: Op
    right: "Node"
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Asks:
    """A condition of the filter language."""

    leaf: Leaf

    @property
    def place(self) -> Place:
        return self.leaf.marks.whole_path


@dataclass(frozen=True, slots=True)
class Logic:
    """`and`, `or`, `not` over conditions."""

    word: str
    parts: tuple["Node", ...]
    place: Place = field(default=NOWHERE, compare=False, repr=False)


Node: TypeAlias = Literal | Span | Name | Made | Call | Sum | Compare | Asks | Logic


def parts_of(node: Node) -> tuple[Node, ...]:
    """The parts of which a node is made."""
    match node:
        case Call(args=args):
            return args
        case Sum(left=left, right=right) | Compare(left=left, right=right):
            return (left, right)
        case Logic(parts=parts):
            return parts
        case _:
            return ()


def with_parts(node: Node, parts: tuple[Node, ...]) -> Node:
    """The same node over other parts."""
    match node:
        case Call():
            return replace(node, args=parts)
        case Sum() | Compare():
            return replace(node, left=parts[0], right=parts[1])
        case Logic():
            return replace(node, parts=parts)
        case _:
            return node


def nodes(node: Node) -> Iterator[Node]:
    """The node and everything in it."""
    yield node
    for part in parts_of(node):
        yield from nodes(part)


def kind_of_literal(value: Value) -> Kind | None:
    """What sort of value is written there; None for what no formula knows."""
    match value:
        case Number():
            return Kind.NUMBER
        case Text():
            return Kind.TEXT
        case Bool():
            return Kind.BOOL
        case Day():
            return Kind.DATE
        case Relative(unit=unit):
            return None if unit is Unit.HOUR else Kind.DATE
        case _:
            return None
