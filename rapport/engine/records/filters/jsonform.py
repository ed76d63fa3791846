"""The tree as JSON, as the API sends it and as views are stored. Reading is strict: every fault has its pointer.

Groups are `{"all": […]}`, `{"any": […]}`, `{"none": […]}`; a condition is
`{"field": "company.industry", "op": "=", "values": [{"word": "retail"}]}`.
"""

from collections.abc import Mapping
from typing import Any

from rapport.engine.records.filters.cursor import Cursor
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.literals import read_value
from rapport.engine.records.filters.text import value_text
from rapport.engine.records.filters.tree import (
    EVERYTHING,
    LISTS,
    MAX_DEPTH,
    MAX_LEAVES,
    MAX_LIST,
    NOT_FIRST,
    All,
    AnyOf,
    Leaf,
    Marks,
    Node,
    NoneOf,
    Op,
    depth,
    fits,
    is_segment,
    leaves,
    normal,
)
from rapport.engine.records.filters.values import (
    MAX_VALUE_LENGTH,
    UNSTORABLE,
    Bool,
    Day,
    Id,
    Ident,
    Me,
    Moment,
    Number,
    Period,
    Relative,
    Text,
    Value,
)

GROUPS: dict[str, type[All] | type[AnyOf] | type[NoneOf]] = {"all": All, "any": AnyOf, "none": NoneOf}
GROUP_NAMES = {kind: name for name, kind in GROUPS.items()}
OPS = {op.value: op for op in Op}
KINDS: dict[str, type] = {
    "number": Number,
    "date": Day,
    "datetime": Moment,
    "relative": Relative,
    "period": Period,
    "word": Ident,
    "id": Id,
}
KEYS = {kind: key for key, kind in KINDS.items()}


def to_json(node: Node) -> dict[str, Any]:
    """A tree of plain dicts, lists, strings, numbers and booleans."""
    if isinstance(node, Leaf):
        values = {"values": [_value_json(value) for value in node.values]} if node.values else {}
        return {"field": ".".join(node.path), "op": node.op.value, **values}
    return {GROUP_NAMES[type(node)]: [to_json(child) for child in node.children]}


def from_json(data: object) -> Node:
    """The normal tree. Raises FilterError whose `pointer` names the place in the data."""
    if data == {"all": []}:
        return EVERYTHING
    tree = normal(_node(data, "", 0))
    if sum(1 for _ in leaves(tree)) > MAX_LEAVES:
        raise FilterError(
            N_("This filter has too many conditions: at most %(most)d."), Place(), words={"most": MAX_LEAVES}
        )
    if depth(tree) > MAX_DEPTH:
        raise _too_deep("")
    return tree


def _node(data: object, pointer: str, level: int) -> Node:
    if not isinstance(data, Mapping):
        raise _fault(N_("A condition is an object."), pointer)
    if "field" in data:
        return _leaf(data, pointer)
    if len(data) != 1 or (name := next(iter(data))) not in GROUPS:
        raise _fault(N_("An object has the key all, any or none, or the keys field, op and values."), pointer)
    children, inside = data[name], f"{pointer}/{name}"
    if level >= 2 * MAX_DEPTH:
        raise _too_deep(inside)
    if not isinstance(children, list) or not children:
        raise _fault(N_("A group is a list of at least one condition."), inside)
    if len(children) > MAX_LEAVES:
        raise FilterError(
            N_("This filter has too many conditions: at most %(most)d."),
            Place(pointer=inside),
            words={"most": MAX_LEAVES},
        )
    return GROUPS[name](tuple(_node(child, f"{inside}/{index}", level + 1) for index, child in enumerate(children)))


def _leaf(data: Mapping[str, object], pointer: str) -> Leaf:
    if unknown := sorted(map(str, data.keys() - {"field", "op", "values"})):
        raise FilterError(
            N_("%(what)s is not known here."),
            Place(pointer=f"{pointer}/{_escaped(unknown[0])}"),
            words={"what": unknown[0]},
        )
    path = _path(data["field"], f"{pointer}/field")
    name = data.get("op")
    op = OPS.get(name) if isinstance(name, str) else None
    if op is None:
        raise FilterError(N_("%(what)s is not an operator here."), Place(pointer=f"{pointer}/op"), words={"what": name})
    given, inside = data.get("values", []), f"{pointer}/values"
    if not isinstance(given, list):
        raise _fault(N_("The values are a list."), inside)
    if len(given) > (MAX_LIST if op in LISTS else 1):
        most = MAX_LIST if op in LISTS else 1
        raise FilterError(
            N_("This list is too long: at most %(most)d values."), Place(pointer=inside), words={"most": most}
        )
    values = tuple(_value(value, f"{inside}/{index}") for index, value in enumerate(given))
    if not fits(op, values):
        raise FilterError(N_("%(what)s does not take these values."), Place(pointer=inside), words={"what": name})
    segment = Place(pointer=f"{pointer}/field")
    places = tuple(Place(pointer=f"{inside}/{index}") for index in range(len(values)))
    return Leaf(path, op, values, Marks((segment,) * len(path), Place(pointer=f"{pointer}/op"), places))


def _path(given: object, pointer: str) -> tuple[str, ...]:
    path = tuple(given.split(".")) if isinstance(given, str) and len(given) <= MAX_VALUE_LENGTH else ()
    if not path or not all(map(is_segment, path)) or path[0].lower() in NOT_FIRST:
        raise _fault(N_("A field is named by its slug, or by slugs joined with dots."), pointer)
    return path


def _value_json(value: Value) -> object:
    match value:
        case Text(text):
            return text
        case Bool(flag):
            return flag
        case Me():
            return {"me": True}
        case _:
            return {KEYS[type(value)]: value_text(value)}


def _value(data: object, pointer: str) -> Value:
    if isinstance(data, bool):
        return Bool(data)
    if isinstance(data, int):
        data = {"number": str(data)}
    if isinstance(data, str):
        return _text(data, pointer)
    if data == {"me": True}:
        return Me()
    key, written = next(iter(data.items())) if isinstance(data, Mapping) and len(data) == 1 else (None, None)
    if not isinstance(key, str) or key not in KINDS or not isinstance(written, str):
        raise _fault(N_("A value is text, true, false, a whole number, or an object with one known key."), pointer)
    value = _literal(written[: MAX_VALUE_LENGTH + 1], pointer)
    if value is None or not isinstance(value, KINDS[key]):
        raise FilterError(
            N_("%(what)s is not a %(kind)s."), Place(pointer=pointer), words={"what": written[:80], "kind": key}
        )
    return value


def _text(text: str, pointer: str) -> Text:
    if len(text) > MAX_VALUE_LENGTH:
        raise FilterError(
            N_("This value is too long: at most %(most)d characters."),
            Place(pointer=pointer),
            words={"most": MAX_VALUE_LENGTH},
        )
    if UNSTORABLE.search(text):
        raise _fault(N_("This character cannot be used in a filter."), pointer)
    return Text(text)


def _literal(written: str, pointer: str) -> Value | None:
    """A value in its text form; None if something else follows it."""
    try:
        cursor = Cursor(written)
        value, _place = read_value(cursor, ())
    except FilterError as error:
        raise FilterError(error.sentence, Place(pointer=pointer), words=error.words) from error
    return value if cursor.at_end() else None


def _fault(sentence: str, pointer: str) -> FilterError:
    return FilterError(sentence, Place(pointer=pointer))


def _too_deep(pointer: str) -> FilterError:
    return FilterError(
        N_("This filter is nested too deeply: at most %(most)d levels."),
        Place(pointer=pointer),
        words={"most": MAX_DEPTH},
    )


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
