"""From tree to JSON."""

from typing import Any

from rapport.engine.records.filters.jsonform.names import GROUP_NAMES, KEYS
from rapport.engine.records.filters.text import value_text, window_text
from rapport.engine.records.filters.tree import EVERYTHING, Among, Changed, Did, Held, Leaf, Node
from rapport.engine.records.filters.values import Bool, Me, MyTeam, Text, Value


def to_json(node: Node) -> dict[str, Any]:
    """A tree of plain dicts, lists, strings, numbers and booleans."""
    match node:
        case Leaf(_path, op, given):
            values = {"values": [_value_json(value) for value in given]} if given else {}
            return {**_subject_json(node), "op": op.value, **values}
        case Did(event, within, times, where):
            said = {"within": window_text(within)} if within else {}
            return {"did": event, **said, **({"times": times} if times > 1 else {}), **_where_json(where)}
        case Changed(path, within):
            return {"changed": ".".join(path), **({"within": window_text(within)} if within else {})}
        case Held(path, length):
            return {"held": ".".join(path), "for": window_text(length)}
        case Among(of, named, path):
            return {"in": of, "named": _value_json(named), **({"field": ".".join(path)} if path else {})}
    return {GROUP_NAMES[type(node)]: [to_json(child) for child in node.children]}


def _subject_json(leaf: Leaf) -> dict[str, Any]:
    path = ".".join(leaf.path)
    if not leaf.over:
        return {"field": path}
    return {"made": leaf.over.function.value, "of": path, **_where_json(leaf.over.where)}


def _where_json(where: Node) -> dict[str, Any]:
    return {} if where == EVERYTHING else {"where": to_json(where)}


def _value_json(value: Value) -> object:
    match value:
        case Text(text):
            return text
        case Bool(flag):
            return flag
        case Me():
            return {"me": True}
        case MyTeam():
            return {"my_team": True}
        case _:
            return {KEYS[type(value)]: value_text(value)}
