"""Rows as typed, and the tree that they stand for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.builder.typed import times_of, value_of, window_of
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.jsonform import BY_NAME, GROUPS, OPS
from rapport.engine.records.filters.limits import refuse_too_much, too_many
from rapport.engine.records.filters.memberships import MEMBERSHIPS
from rapport.engine.records.filters.scope import Scope
from rapport.engine.records.filters.tree import (
    EVERYTHING,
    LISTS,
    MAX_LEAVES,
    MAX_LIST,
    NO_VALUE,
    Among,
    Ask,
    Changed,
    Did,
    Function,
    Held,
    Leaf,
    Marks,
    Node,
    NoneOf,
    Op,
    Over,
    fits,
    is_segment,
    normal,
)
from rapport.engine.records.filters.values import Id, Text, Value

Match = Literal["all", "any", "none"]
MATCHES: dict[str, Match] = {"all": "all", "any": "any", "none": "none"}
OTHERS = "@"
JOURNAL = ("!did", "!changed", "!held")
MEMBER = "!in-"


@dataclass
class Row:
    """One condition as typed. `path` and `op` as in the text form; one value for each line of the input."""

    path: str = ""
    op: str = ""
    values: list[str] = field(default_factory=list)
    group: str = ""
    made: str = ""
    of: str = ""
    within: str = ""
    times: str = ""
    where: "Form | None" = None

    @property
    def function(self) -> Function | None:
        """What is made of other records, as soon as they are chosen; None for a row about a field."""
        if not self.path.startswith(OTHERS):
            return None
        return BY_NAME.get(self.made, Function.COUNT)

    @property
    def among(self) -> tuple[str, tuple[str, ...]] | None:
        """The kind of what the record is among, and the path to the record; None for a row about something else."""
        if not self.path.startswith(MEMBER):
            return None
        of, *path = self.path.removeprefix(MEMBER).split(".")
        return of, tuple(path)

    @property
    def names(self) -> tuple[str, ...]:
        """The path as the text form has it."""
        names = tuple(self.path.removeprefix(OTHERS).split("."))
        return (*names, self.of) if self.function not in (None, Function.COUNT) else names


@dataclass
class Form:
    """What stands in the builder. `groups` gives each group's number its match."""

    match: Match = "all"
    rows: list[Row] = field(default_factory=list)
    groups: dict[str, Match] = field(default_factory=dict)

    def pairs(self, prefix: str = "") -> Iterator[tuple[str, str]]:
        """Names and values of the form's fields."""
        yield f"{prefix}match", self.match
        for number, match in self.groups.items():
            yield f"{prefix}g{number}.match", match
        for index, row in enumerate(self.rows):
            yield f"{prefix}{index}.field", row.path
            yield f"{prefix}{index}.op", row.op
            yield f"{prefix}{index}.group", row.group
            yield from ((f"{prefix}{index}.value", value) for value in row.values)
            more = {"made": row.made, "of": row.of, "within": row.within, "times": row.times}
            yield from ((f"{prefix}{index}.{name}", value) for name, value in more.items() if value)
            if row.where:
                yield from row.where.pairs(f"{prefix}{index}.where.")

    def tree(self, scope: Scope, pointer: str = "") -> Node:
        """The bound tree of the rows whose field is chosen. Raises FilterError; its pointer names row and part."""
        kept = [(index, row) for index, row in enumerate(self.rows) if row.path]
        if len(kept) > MAX_LEAVES:
            raise too_many(Place(pointer=pointer))
        grouped: dict[str, list[Node]] = {}
        for index, row in kept:
            group = row.group if row.group in self.groups else ""
            grouped.setdefault(group, []).append(_ask(row, f"{pointer}/{index}", scope))
        parts = [*grouped.pop("", [])]
        parts += [GROUPS[self.groups[group]](tuple(children)) for group, children in grouped.items()]
        tree = normal(GROUPS[self.match](tuple(parts))) if parts else EVERYTHING
        refuse_too_much(tree, Place(pointer=pointer))
        return bind(tree, scope)


def _ask(row: Row, pointer: str, scope: Scope) -> Ask | NoneOf:
    if row.among:
        return _among(row, row.among, pointer)
    if row.path not in JOURNAL:
        return _leaf(row, pointer, scope)
    place, at = Place(pointer=f"{pointer}/of"), Place(pointer=f"{pointer}/within")
    if not row.of:
        raise FilterError(N_("Choose what happened.") if row.path == "!did" else N_("Choose a field."), place)
    marks = Marks((place,), place, (at,))
    if row.path == "!held":
        return Held(tuple(row.of.split(".")), window_of(row.within, at, is_length=True), marks)
    within = window_of(row.within, at) if row.within else None
    if row.path == "!changed":
        return Changed(tuple(row.of.split(".")), within, marks)
    where = row.where.tree(scope.events(), f"{pointer}/where") if row.where else EVERYTHING
    return Did(row.of, within, times_of(row.times, f"{pointer}/times"), where, marks)


def _among(row: Row, asked: tuple[str, tuple[str, ...]], pointer: str) -> Among | NoneOf:
    (of, path), place = asked, Place(pointer=f"{pointer}/field")
    if of not in MEMBERSHIPS or not all(map(is_segment, path)):
        raise FilterError(N_("%(what)s(…) is not known here."), place, words={"what": f"in {of}"[:80]})
    at = Place(pointer=f"{pointer}/value")
    named = value_of(row.values[0], "relation", at) if row.values else None
    if not isinstance(named, Id | Text):
        raise FilterError(N_("Choose one."), at)
    among = Among(of, named, path, Marks((place,) * len(path), place, (at,)))
    return NoneOf((among,)) if row.op == Op.NE else among


def _leaf(row: Row, pointer: str, scope: Scope) -> Leaf:
    path, places = row.names, _places(row, pointer)
    if not all(map(is_segment, path)):
        raise FilterError(N_("A field is named by its slug, or by slugs joined with dots."), places[0])
    op, inside = OPS.get(row.op), Place(pointer=f"{pointer}/value")
    if op is None:
        raise FilterError(N_("Choose an operator."), Place(pointer=f"{pointer}/op"))
    marks = Marks(places, Place(pointer=f"{pointer}/op"), (inside,) * len(row.values))
    ref, over = scope.resolve(path, marks, function=row.function), None
    if row.function:
        inner = row.where.tree(scope.inside(ref), f"{pointer}/where") if row.where else EVERYTHING
        over = Over(row.function, inner)
    return Leaf(path, op, _values(row, op, ref.type_name, inside), over, marks)


def _places(row: Row, pointer: str) -> tuple[Place, ...]:
    """The input of each name in the path of a row; the field of which something is made has its own."""
    place, names = Place(pointer=f"{pointer}/field"), row.names
    if not row.function:
        return (place,) * len(names)
    if row.made and row.made not in BY_NAME:
        raise FilterError(
            N_("%(what)s(…) is not known here."), Place(pointer=f"{pointer}/made"), words={"what": row.made[:80]}
        )
    if row.function is Function.COUNT:
        return (place,) * len(names)
    of = Place(pointer=f"{pointer}/of")
    if not row.of:
        raise FilterError(N_("Choose a field."), of)
    return (*(place,) * (len(names) - 1), of)


def _values(row: Row, op: Op, kind: str, place: Place) -> tuple[Value, ...]:
    given = row.values if op in LISTS else row.values[:1]
    values = () if op in NO_VALUE else tuple(value_of(text, kind, place) for text in given)
    if len(values) > MAX_LIST:
        raise FilterError(N_("This list is too long: at most %(most)d values."), place, words={"most": MAX_LIST})
    if not fits(op, values):
        raise FilterError(N_("Write a value that fits the operator."), place)
    return values
