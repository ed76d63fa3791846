"""The filter as a tree: `All`, `AnyOf` and `NoneOf` over conditions, frozen and equal by value.

A leaf that is not about a plain field (a count over children, an event) will be one more dataclass beside `Leaf`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from rapport.engine.records.filters.errors import NOWHERE, Place
from rapport.engine.records.filters.values import ID, WORD, Period, Value

MAX_TEXT = 4_000
MAX_DEPTH = 8
MAX_LEAVES = 50
MAX_LIST = 200
NOT_FIRST = frozenset({"and", "or", "not", "in"})


class Op(StrEnum):
    """How a field is compared; the value is its name in JSON and, except for `within`, in text."""

    EQ = "="
    NE = "!="
    GT = ">"
    GE = ">="
    LT = "<"
    LE = "<="
    CONTAINS = "~"
    LACKS = "!~"
    STARTS = "starts with"
    IN = "in"
    NOT_IN = "not in"
    WITHIN = "within"
    EMPTY = "is empty"
    FILLED = "is not empty"


NO_VALUE = frozenset({Op.EMPTY, Op.FILLED})
LISTS = frozenset({Op.IN, Op.NOT_IN})


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the parts of a leaf stand in what was typed or sent, for errors found later."""

    path: tuple[Place, ...] = ()
    op: Place = NOWHERE
    values: tuple[Place, ...] = ()

    @property
    def whole_path(self) -> Place:
        return self.path[0].to(self.path[-1]) if self.path else NOWHERE

    def segment(self, index: int) -> Place:
        return self.path[index] if index < len(self.path) else self.whole_path

    def value(self, index: int) -> Place:
        return self.values[index] if index < len(self.values) else self.op


UNMARKED = Marks()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition on one field, reached over relations: `company.industry = retail`."""

    path: tuple[str, ...]
    op: Op
    values: tuple[Value, ...] = ()
    marks: Marks = field(default=UNMARKED, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.path or not all(is_segment(part) for part in self.path) or self.path[0].lower() in NOT_FIRST:
            raise ValueError(f"{'.'.join(self.path)!r} is not a path to a field")
        if not fits(self.op, self.values):
            raise ValueError(f"{self.op} does not take these values")


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions joined; use `All`, `AnyOf` or `NoneOf`."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class All(Group):
    """Every condition holds. `All(())` holds always."""


@dataclass(frozen=True, slots=True)
class AnyOf(Group):
    """At least one condition holds."""


@dataclass(frozen=True, slots=True)
class NoneOf(Group):
    """No condition holds; a condition about a missing value does not hold."""


Node: TypeAlias = All | AnyOf | NoneOf | Leaf
EVERYTHING = All(())


def normal(node: Node) -> Node:
    """The one tree among equal ones that text gives back: flat, and without groups of one.

    Raises ValueError for an empty group anywhere but at the top, because no text says it.
    """
    return EVERYTHING if node == EVERYTHING else _normal(node)


def both(*nodes: Node) -> Node:
    """All of these filters at once."""
    kept = tuple(node for node in nodes if node != EVERYTHING)
    return normal(All(kept))


def leaves(node: Node) -> Iterator[Leaf]:
    """Every condition, in the order of the text."""
    if isinstance(node, Leaf):
        yield node
        return
    for child in node.children:
        yield from leaves(child)


def depth(node: Node) -> int:
    """How deep groups are nested; a single condition has depth 0."""
    if isinstance(node, Leaf):
        return 0
    return 1 + max(map(depth, node.children), default=0)


def is_segment(text: str) -> bool:
    return bool(WORD.fullmatch(text)) and not ID.fullmatch(text)


def fits(op: Op, values: tuple[Value, ...]) -> bool:
    """Is this the number and the sort of values the operator takes, whatever the field?"""
    if op in NO_VALUE:
        return not values
    if op is Op.WITHIN:
        return len(values) == 1 and isinstance(values[0], Period)
    plain = not any(isinstance(value, Period) for value in values)
    return plain and (len(values) >= 1 if op in LISTS else len(values) == 1)


def _normal(node: Node) -> Node:
    if isinstance(node, Leaf):
        return node
    if not node.children:
        raise ValueError("an empty group says nothing")
    if not isinstance(node, NoneOf):
        return _joined(type(node), node.children)
    inner = _joined(AnyOf, node.children)
    if isinstance(inner, NoneOf):
        return _joined(AnyOf, inner.children)
    return NoneOf(inner.children) if isinstance(inner, AnyOf) else NoneOf((inner,))


def _joined(kind: type[All] | type[AnyOf], children: tuple[Node, ...]) -> Node:
    flat: list[Node] = []
    for child in map(_normal, children):
        flat.extend(child.children if isinstance(child, kind) else (child,))
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
