"""From a tree to the rows that show it."""

from rapport.engine.records.filters.builder.form import MATCHES, OTHERS, Form, Row
from rapport.engine.records.filters.jsonform import GROUP_NAMES
from rapport.engine.records.filters.text import value_text, window_text
from rapport.engine.records.filters.tree import (
    EVERYTHING,
    All,
    Ask,
    Changed,
    Did,
    Function,
    Group,
    Held,
    Leaf,
    Node,
    leaves,
    where_of,
)
from rapport.engine.records.filters.values import ID, Period, Text


def to_form(tree: Node) -> Form | None:
    """The builder's rows for a tree; None for one that the builder cannot show: nested deeper, or text of two lines."""
    if tree == EVERYTHING:
        return Form()
    if not all(map(_is_typable, leaves(tree))):
        return None
    root = tree if isinstance(tree, Group) else All((tree,))
    form = Form(match=MATCHES[GROUP_NAMES[type(root)]])
    for child in root.children:
        if not isinstance(child, Group):
            if (row := _shown(child, "")) is None:
                return None
            form.rows.append(row)
            continue
        number = str(len(form.groups) + 1)
        form.groups[number] = MATCHES[GROUP_NAMES[type(child)]]
        for leaf in child.children:
            row = _shown(leaf, number) if not isinstance(leaf, Group) else None
            if row is None:
                return None
            form.rows.append(row)
    return form


def _shown(leaf: Ask, group: str) -> Row | None:
    """The row of one condition; None where what it says of others is nested deeper than a form can show."""
    where = to_form(where_of(leaf))
    if where is None:
        return None
    inner = where if where.rows else None
    match leaf:
        case Did(event, within, times):
            often = str(times) if times > 1 else ""
            return Row("!did", group=group, of=event, within=_window_shown(within), times=often, where=inner)
        case Changed(path, within):
            return Row("!changed", group=group, of=".".join(path), within=_window_shown(within))
        case Held(path, length):
            return Row("!held", group=group, of=".".join(path), within=_window_shown(length))
    values = [value.value if isinstance(value, Text) else value_text(value) for value in leaf.values]
    if not leaf.over:
        return Row(".".join(leaf.path), leaf.op.value, values, group)
    function = leaf.over.function
    names_field = function is not Function.COUNT and len(leaf.path) > 1
    path, of = (leaf.path[:-1], leaf.path[-1]) if names_field else (leaf.path, "")
    return Row(OTHERS + ".".join(path), leaf.op.value, values, group, function.value, of, where=inner)


def _window_shown(period: Period | None) -> str:
    return window_text(period) if period else ""


def _is_typable(leaf: Ask) -> bool:
    if not isinstance(leaf, Leaf):
        return True
    texts = [value.value for value in leaf.values if isinstance(value, Text)]
    return all(text.split("\n") == [text.strip()] == text.splitlines() and not ID.fullmatch(text) for text in texts)
