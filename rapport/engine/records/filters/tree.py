"""The filter as a tree: `All`, `AnyOf` and `NoneOf` over conditions, frozen and equal by value.

A condition asks one field, or what comes of the records that point here: `count(memberships where primary = true) > 1`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias, overload

from rapport.engine.records.filters.errors import NOWHERE, Place
from rapport.engine.records.filters.values import ID, WORD, Id, Period, Text, Value

MAX_TEXT = 4_000
MAX_DEPTH = 8
MAX_LEAVES = 50
MAX_LIST = 200
MAX_COST = 200
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
    UNDER = "under"


class Function(StrEnum):
    """What is made of the records that point here; `first` and `last` go by when they were created."""

    COUNT = "count"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    FIRST = "first"
    LAST = "last"


FUNCTIONS = frozenset(Function)
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


EVERYTHING = All(())


@dataclass(frozen=True, slots=True)
class Over:
    """The records that point here, as far as `where` lets them through, and what is made of them."""

    function: Function
    where: "Node"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition on one field, reached over relations: `company.industry = retail`.

    With `over`, the path leads over relations to records that point here and, but for a count, to a field of theirs.
    """

    path: tuple[str, ...]
    op: Op
    values: tuple[Value, ...] = ()
    over: Over | None = None
    marks: Marks = field(default=UNMARKED, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.path or not all(is_segment(part) for part in self.path) or self.path[0].lower() in NOT_FIRST:
            raise ValueError(f"{'.'.join(self.path)!r} is not a path to a field")
        if not fits(self.op, self.values):
            raise ValueError(f"{self.op} does not take these values")


@dataclass(frozen=True, slots=True)
class Did:
    """Something happened about the record: so often, within a period or ever, of events that `where` lets through."""

    event: str
    within: Period | None = None
    times: int = 1
    where: "Node" = EVERYTHING
    marks: Marks = field(default=UNMARKED, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """A field was changed, within a period or ever since the record was made."""

    path: tuple[str, ...]
    within: Period | None = None
    marks: Marks = field(default=UNMARKED, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Held:
    """A field is what it has been for so long, by a rolling period that ends now: `stage held 14d`."""

    path: tuple[str, ...]
    length: Period
    marks: Marks = field(default=UNMARKED, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.length.side != "last" or not self.length.amount:
            raise ValueError("a value is held for a length of time")


@dataclass(frozen=True, slots=True)
class Among:
    """The record, or the one that a path of relations leads to, is among those of something kept: `in view("Leads")`.

    What is kept goes by its name as people write it, and by its id once the filter is bound.
    """

    of: str
    named: Id | Text
    path: tuple[str, ...] = ()
    marks: Marks = field(default=UNMARKED, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not is_segment(self.of) or (isinstance(self.named, Text) and not self.named.value.strip()):
            raise ValueError("what is kept has a name")


Ask: TypeAlias = Leaf | Did | Changed | Held | Among
Node: TypeAlias = All | AnyOf | NoneOf | Ask


def normal(node: Node) -> Node:
    """The one tree among equal ones that text gives back: flat, and without groups of one.

    Raises ValueError for an empty group anywhere but at the top, because no text says it.
    """
    return EVERYTHING if node == EVERYTHING else _normal(node)


def both(*nodes: Node) -> Node:
    """All of these filters at once."""
    kept = tuple(node for node in nodes if node != EVERYTHING)
    return normal(All(kept))


def leaves(node: Node) -> Iterator[Ask]:
    """Every condition on the records themselves, in the order of the text."""
    if not isinstance(node, Group):
        yield node
        return
    for child in node.children:
        yield from leaves(child)


def where_of(node: Ask) -> Node:
    """The condition on other records or events that a condition holds; EVERYTHING where there is none."""
    if isinstance(node, Did):
        return node.where
    return node.over.where if isinstance(node, Leaf) and node.over else EVERYTHING


@overload
def with_where(node: Leaf, turn: Callable[[Node], Node]) -> Leaf: ...
@overload
def with_where(node: Did, turn: Callable[[Node], Node]) -> Did: ...
@overload
def with_where(node: Ask, turn: Callable[[Node], Node]) -> Ask: ...


def with_where(node: Ask, turn: Callable[[Node], Node]) -> Ask:
    """A condition with what it says of other records or events turned into something else."""
    if where_of(node) == EVERYTHING:
        return node
    if isinstance(node, Did):
        return replace(node, where=turn(node.where))
    assert isinstance(node, Leaf)
    assert node.over
    return replace(node, over=replace(node.over, where=turn(node.over.where)))


def count(node: Node) -> int:
    """How many conditions there are, those on other records and events included."""
    return sum(1 + (0 if where_of(leaf) == EVERYTHING else count(where_of(leaf))) for leaf in leaves(node))


def depth(node: Node) -> int:
    """How deep groups and other records are nested; a single condition has depth 0."""
    if isinstance(node, Group):
        return 1 + max(map(depth, node.children), default=0)
    return 0 if where_of(node) == EVERYTHING else 1 + depth(where_of(node))


def cost(node: Node) -> int:
    """How much work it may be for the database: 1 for each name in a path, 10 for other records and the journal."""
    return sum(own_cost(leaf) + cost(where_of(leaf)) for leaf in leaves(node))


def own_cost(leaf: Ask) -> int:
    """The cost of one condition without what it says of others."""
    if isinstance(leaf, Among):
        return 1 + len(leaf.path)
    reads_others = not isinstance(leaf, Leaf) or leaf.over is not None
    return (10 if reads_others else 0) + (1 if isinstance(leaf, Did) else len(leaf.path))


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
    if not isinstance(node, Group):
        return with_where(node, normal)
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
