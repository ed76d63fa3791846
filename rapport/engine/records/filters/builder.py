"""The builder as plain form fields: rows of field, operator and values, matched by all, any or none, one group deep.

Names in the form: `match`; for row 0 `0.field`, `0.op`, `0.value` (any number) and `0.group` (empty, or the number of
its group); for group 1 `g1.match`. A prefix keeps them apart from others on the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from django.http import QueryDict

from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.cursor import Cursor
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.jsonform import GROUP_NAMES, GROUPS, OPS
from rapport.engine.records.filters.literals import read_value
from rapport.engine.records.filters.scope import Scope
from rapport.engine.records.filters.text import value_text
from rapport.engine.records.filters.tree import (
    EVERYTHING,
    LISTS,
    MAX_LEAVES,
    MAX_LIST,
    NO_VALUE,
    All,
    Leaf,
    Marks,
    Node,
    fits,
    is_segment,
    leaves,
    normal,
)
from rapport.engine.records.filters.values import ID, MAX_VALUE_LENGTH, UNSTORABLE, Id, Me, Text, Value, word

Match = Literal["all", "any", "none"]
MATCHES: dict[str, Match] = {"all": "all", "any": "any", "none": "none"}
ROW = re.compile(r"(\d{1,4})\.field")
GROUP = re.compile(r"g(\d{1,4})\.match")
TYPED = frozenset({"number", "money", "date", "datetime", "bool"})
WORDS = frozenset({"choice", "choices", "tags"})
POINTERS = frozenset({"user", "relation"})


@dataclass
class Row:
    """One condition as typed. `path` and `op` as in the text form; one value for each line of the input."""

    path: str = ""
    op: str = ""
    values: list[str] = field(default_factory=list)
    group: str = ""


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

    def tree(self, scope: Scope) -> Node:
        """The bound tree of the rows whose field is chosen. Raises FilterError; its pointer names row and part."""
        kept = [(index, row) for index, row in enumerate(self.rows) if row.path]
        if len(kept) > MAX_LEAVES:
            raise FilterError(N_("This filter has too many conditions: at most %(most)d."), words={"most": MAX_LEAVES})
        grouped: dict[str, list[Node]] = {}
        for index, row in kept:
            group = row.group if row.group in self.groups else ""
            grouped.setdefault(group, []).append(_leaf(row, f"/{index}", scope))
        parts = [*grouped.pop("", [])]
        parts += [GROUPS[self.groups[group]](tuple(children)) for group, children in grouped.items()]
        return bind(normal(GROUPS[self.match](tuple(parts))), scope) if parts else EVERYTHING


def read_form(data: QueryDict, prefix: str = "") -> Form:
    """The rows as they were sent, right or wrong, so that nothing typed is lost."""
    names = [name.removeprefix(prefix) for name in data if name.startswith(prefix)]
    numbers = sorted(int(found[1]) for name in names if (found := ROW.fullmatch(name)))
    groups = [found[1] for name in names if (found := GROUP.fullmatch(name))]
    return Form(
        match=_match(data.get(f"{prefix}match")),
        rows=[_row(data, f"{prefix}{number}.") for number in numbers],
        groups={number: _match(data.get(f"{prefix}g{number}.match")) for number in groups},
    )


def from_form(data: QueryDict, scope: Scope, prefix: str = "") -> Node:
    """The bound tree that a sent form stands for."""
    return read_form(data, prefix).tree(scope)


def to_form(tree: Node) -> Form | None:
    """The builder's rows for a tree; None for one that the builder cannot show: nested deeper, or text of two lines."""
    if tree == EVERYTHING:
        return Form()
    if not all(map(_is_typable, leaves(tree))):
        return None
    root = tree if not isinstance(tree, Leaf) else All((tree,))
    form = Form(match=MATCHES[GROUP_NAMES[type(root)]])
    for child in root.children:
        if isinstance(child, Leaf):
            form.rows.append(_shown(child, ""))
            continue
        number = str(len(form.groups) + 1)
        form.groups[number] = MATCHES[GROUP_NAMES[type(child)]]
        for leaf in child.children:
            if not isinstance(leaf, Leaf):
                return None
            form.rows.append(_shown(leaf, number))
    return form


def _row(data: QueryDict, prefix: str) -> Row:
    values = [line.strip() for sent in data.getlist(f"{prefix}value") for line in sent.splitlines()]
    return Row(
        path=data.get(f"{prefix}field", "").strip(),
        op=data.get(f"{prefix}op", ""),
        values=[value for value in values if value],
        group=data.get(f"{prefix}group", ""),
    )


def _match(sent: str | None) -> Match:
    return MATCHES.get(sent or "", "all")


def _is_typable(leaf: Leaf) -> bool:
    texts = [value.value for value in leaf.values if isinstance(value, Text)]
    return all(text.split("\n") == [text.strip()] == text.splitlines() and not ID.fullmatch(text) for text in texts)


def _shown(leaf: Leaf, group: str) -> Row:
    values = [value.value if isinstance(value, Text) else value_text(value) for value in leaf.values]
    return Row(".".join(leaf.path), leaf.op.value, values, group)


def _leaf(row: Row, pointer: str, scope: Scope) -> Leaf:
    path = tuple(row.path.split("."))
    place = Place(pointer=f"{pointer}/field")
    if not all(map(is_segment, path)):
        raise FilterError(N_("A field is named by its slug, or by slugs joined with dots."), place)
    op, inside = OPS.get(row.op), Place(pointer=f"{pointer}/value")
    if op is None:
        raise FilterError(N_("Choose an operator."), Place(pointer=f"{pointer}/op"))
    marks = Marks((place,) * len(path), Place(pointer=f"{pointer}/op"), (inside,) * len(row.values))
    kind = scope.resolve(path, marks).type_name
    given = row.values if op in LISTS else row.values[:1]
    values = () if op in NO_VALUE else tuple(_value(text, kind, inside) for text in given)
    if len(values) > MAX_LIST:
        raise FilterError(N_("This list is too long: at most %(most)d values."), inside, words={"most": MAX_LIST})
    if not fits(op, values):
        raise FilterError(N_("Write a value that fits the operator."), inside)
    return Leaf(path, op, values, marks)


def _value(text: str, kind: str, place: Place) -> Value:
    """What was typed, read by the type of its field: a name in a field of text is text, whatever it looks like."""
    if len(text) > MAX_VALUE_LENGTH or UNSTORABLE.search(text):
        raise FilterError(
            N_("This value is too long: at most %(most)d characters."), place, words={"most": MAX_VALUE_LENGTH}
        )
    if kind in TYPED:
        return _typed(text, place)
    if kind in WORDS:
        return word(text)
    if kind in POINTERS and ID.fullmatch(text):
        return Id(UUID(text))
    return Me() if kind == "user" and text == "me" else Text(text)


def _typed(text: str, place: Place) -> Value:
    try:
        cursor = Cursor(text)
        value, _where = read_value(cursor, ())
    except FilterError as error:
        raise FilterError(error.sentence, place, suggestion=error.suggestion, words=error.words) from error
    if not cursor.at_end() or isinstance(value, Text):
        return word(text)
    return value
