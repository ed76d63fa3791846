"""From a tree to the rows that show it."""

from rapport.engine.records.filters.builder.form import MATCHES, MEMBER, OTHERS, Form, Row
from rapport.engine.records.filters.jsonform import GROUP_NAMES
from rapport.engine.records.filters.text import value_text, window_text
from rapport.engine.records.filters.tree import (
    EVERYTHING,
    All,
    Among,
    Ask,
    Changed,
    Did,
    Function,
    Group,
    Held,
    Leaf,
    Node,
    NoneOf,
    Op,
    leaves,
    where_of,
)
from rapport.engine.records.filters.values import ID, Period, Text, Value


def to_form(tree: Node) -> Form | None:
    """The builder's rows for a tree; None for one that the builder cannot show: nested deeper, or text of two lines."""
    if tree == EVERYTHING:
        return Form()
    if not all(map(_is_typable, leaves(tree))):
        return None
    root = tree if isinstance(tree, Group) else All((tree,))
    form = Form(match=MATCHES[GROUP_NAMES[type(root)]])
    for child in root.children:
        if _denied(child) or not isinstance(child, Group):
            if (row := _shown(child, "")) is None:
                return None
            form.rows.append(row)
            continue
        number = str(len(form.groups) + 1)
        form.groups[number] = MATCHES[GROUP_NAMES[type(child)]]
        for leaf in child.children:
            row = _shown(leaf, number)
            if row is None:
                return None
            form.rows.append(row)
    return form


def _denied(node: Node) -> Among | None:
    """What a record is not among; that is a row of its own, not a group."""
    if isinstance(node, NoneOf) and len(node.children) == 1 and isinstance(node.children[0], Among):
        return node.children[0]
    return None


def _among_shown(among: Among, group: str, op: Op) -> Row:
    return Row(MEMBER + ".".join((among.of, *among.path)), op.value, [_typed(among.named)], group)


def _shown(leaf: Node, group: str) -> Row | None:
    """The row of one condition; None for a group, or where one speaks of others deeper than a form can show."""
    if denied := _denied(leaf):
        return _among_shown(denied, group, Op.NE)
    if isinstance(leaf, Group):
        return None
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
        case Among():
            return _among_shown(leaf, group, Op.EQ)
    values = [_typed(value) for value in leaf.values]
    if not leaf.over:
        return Row(".".join(leaf.path), leaf.op.value, values, group)
    function = leaf.over.function
    names_field = function is not Function.COUNT and len(leaf.path) > 1
    path, of = (leaf.path[:-1], leaf.path[-1]) if names_field else (leaf.path, "")
    return Row(OTHERS + ".".join(path), leaf.op.value, values, group, function.value, of, where=inner)


def _typed(value: Value) -> str:
    return value.value if isinstance(value, Text) else value_text(value)


def _window_shown(period: Period | None) -> str:
    return window_text(period) if period else ""


def _is_typable(leaf: Ask) -> bool:
    values = leaf.values if isinstance(leaf, Leaf) else [leaf.named] if isinstance(leaf, Among) else []
    texts = [value.value for value in values if isinstance(value, Text)]
    return all(text.split("\n") == [text.strip()] == text.splitlines() and not ID.fullmatch(text) for text in texts)
