"""From JSON to tree, strictly."""

from collections.abc import Callable, Mapping

from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.jsonform.faults import fault, refuse_others
from rapport.engine.records.filters.jsonform.names import BY_NAME, GROUPS, OPS
from rapport.engine.records.filters.jsonform.parts import path_of, value_of, window_of
from rapport.engine.records.filters.limits import refuse_too_much, too_deep, too_many
from rapport.engine.records.filters.literals import MAX_TIMES
from rapport.engine.records.filters.memberships import MEMBERSHIPS
from rapport.engine.records.filters.tree import (
    EVERYTHING,
    LISTS,
    MAX_DEPTH,
    MAX_LEAVES,
    MAX_LIST,
    Among,
    Changed,
    Did,
    Held,
    Leaf,
    Marks,
    Node,
    Op,
    Over,
    fits,
    normal,
)
from rapport.engine.records.filters.values import MAX_VALUE_LENGTH, UNSTORABLE, Id, Text, Value

FIELD_KEYS = frozenset({"field", "op", "values"})
MADE_KEYS = frozenset({"made", "of", "where", "op", "values"})


def from_json(data: object) -> Node:
    """The normal tree. Raises FilterError whose `pointer` names the place in the data."""
    if data == {"all": []}:
        return EVERYTHING
    tree = normal(_node(data, "", 0))
    refuse_too_much(tree, Place())
    return tree


def _node(data: object, pointer: str, level: int) -> Node:
    if not isinstance(data, Mapping):
        raise fault(N_("A condition is an object."), pointer)
    if "in" in data:
        return _among(data, pointer)
    if "field" in data:
        return _leaf(data, pointer, FIELD_KEYS, data["field"], f"{pointer}/field", None)
    if "made" in data:
        over = _over(data, pointer, level)
        return _leaf(data, pointer, MADE_KEYS, data.get("of"), f"{pointer}/of", over)
    for name, read in JOURNAL.items():
        if name in data:
            return read(data, pointer, level)
    if len(data) != 1 or (name := next(iter(data))) not in GROUPS:
        keys = N_("An object has one of the keys all, any, none, field, made, did, changed, held and in.")
        raise fault(keys, pointer)
    inside = f"{pointer}/{name}"
    children = _several(data[name], inside, level)
    return GROUPS[name](tuple(_node(child, f"{inside}/{index}", level + 1) for index, child in enumerate(children)))


def _several(children: object, pointer: str, level: int) -> list[object]:
    if level >= 2 * MAX_DEPTH:
        raise too_deep(Place(pointer=pointer))
    if not isinstance(children, list) or not children:
        raise fault(N_("A group is a list of at least one condition."), pointer)
    if len(children) > MAX_LEAVES:
        raise too_many(Place(pointer=pointer))
    return children


def _over(data: Mapping[str, object], pointer: str, level: int) -> Over:
    """What is made, and of which of the records."""
    name = data["made"]
    function = BY_NAME.get(name) if isinstance(name, str) else None
    if function is None:
        raise FilterError(
            N_("%(what)s(…) is not known here."), Place(pointer=f"{pointer}/made"), words={"what": str(name)[:80]}
        )
    return Over(function, _where(data, pointer, level))


def _where(data: Mapping[str, object], pointer: str, level: int) -> Node:
    if level >= 2 * MAX_DEPTH:
        raise too_deep(Place(pointer=pointer))
    where = data.get("where", {"all": []})
    return EVERYTHING if where == {"all": []} else _node(where, f"{pointer}/where", level + 1)


def _did(data: Mapping[str, object], pointer: str, level: int) -> Did:
    refuse_others(data, frozenset({"did", "within", "times", "where"}), pointer)
    event, times = data["did"], data.get("times", 1)
    if not isinstance(event, str) or not event or len(event) > MAX_VALUE_LENGTH or UNSTORABLE.search(event):
        raise fault(N_("What happened is named by a text."), f"{pointer}/did")
    if not isinstance(times, int) or isinstance(times, bool) or not 0 < times <= MAX_TIMES:
        raise FilterError(
            N_("How often it happened stands here: a whole number from 1 to %(most)d."),
            Place(pointer=f"{pointer}/times"),
            words={"most": MAX_TIMES},
        )
    within = window_of(data["within"], f"{pointer}/within") if "within" in data else None
    marks = Marks((Place(pointer=f"{pointer}/did"),), Place(pointer=pointer))
    return Did(event, within, times, _where(data, pointer, level), marks)


def _changed(data: Mapping[str, object], pointer: str, _level: int) -> Changed:
    refuse_others(data, frozenset({"changed", "within"}), pointer)
    within = window_of(data["within"], f"{pointer}/within") if "within" in data else None
    path = path_of(data["changed"], f"{pointer}/changed")
    return Changed(path, within, Marks((Place(pointer=f"{pointer}/changed"),) * len(path), Place(pointer=pointer)))


def _held(data: Mapping[str, object], pointer: str, _level: int) -> Held:
    refuse_others(data, frozenset({"held", "for"}), pointer)
    path, length = (
        path_of(data["held"], f"{pointer}/held"),
        window_of(data.get("for"), f"{pointer}/for", is_length=True),
    )
    return Held(path, length, Marks((Place(pointer=f"{pointer}/held"),) * len(path), Place(pointer=pointer)))


def _among(data: Mapping[str, object], pointer: str) -> Among:
    refuse_others(data, frozenset({"in", "named", "field"}), pointer)
    of, place = data["in"], Place(pointer=f"{pointer}/named")
    if not isinstance(of, str) or of not in MEMBERSHIPS:
        words = {"what": f"in {of}"[:80]}
        raise FilterError(N_("%(what)s(…) is not known here."), Place(pointer=f"{pointer}/in"), words=words)
    named = value_of(data.get("named"), place.pointer)
    if not isinstance(named, Id | Text) or (isinstance(named, Text) and not named.value.strip()):
        raise fault(N_("This is named by a text, or by an id."), place.pointer)
    at = Place(pointer=f"{pointer}/field")
    path = path_of(data["field"], at.pointer) if "field" in data else ()
    return Among(of, named, path, Marks((at,) * len(path), Place(pointer=f"{pointer}/in"), (place,)))


JOURNAL: dict[str, Callable[[Mapping[str, object], str, int], Node]] = {
    "did": _did,
    "changed": _changed,
    "held": _held,
}


def _leaf(
    data: Mapping[str, object], pointer: str, keys: frozenset[str], named: object, at: str, over: Over | None
) -> Leaf:
    refuse_others(data, keys, pointer)
    path = path_of(named, at)
    name = data.get("op")
    op = OPS.get(name) if isinstance(name, str) else None
    if op is None:
        raise FilterError(N_("%(what)s is not an operator here."), Place(pointer=f"{pointer}/op"), words={"what": name})
    values, places = _values(data.get("values", []), f"{pointer}/values", op)
    marks = Marks((Place(pointer=at),) * len(path), Place(pointer=f"{pointer}/op"), places)
    return Leaf(path, op, values, over, marks)


def _values(given: object, pointer: str, op: Op) -> tuple[tuple[Value, ...], tuple[Place, ...]]:
    """As many values, and of such a sort, as the operator takes."""
    if not isinstance(given, list):
        raise fault(N_("The values are a list."), pointer)
    most = MAX_LIST if op in LISTS else 1
    if len(given) > most:
        raise FilterError(
            N_("This list is too long: at most %(most)d values."), Place(pointer=pointer), words={"most": most}
        )
    places = tuple(Place(pointer=f"{pointer}/{index}") for index in range(len(given)))
    values = tuple(value_of(value, place.pointer) for value, place in zip(given, places, strict=True))
    if not fits(op, values):
        raise FilterError(N_("%(what)s does not take these values."), Place(pointer=pointer), words={"what": op.value})
    return values, places
