"""Reading HTML forms: the inputs of a field, gathered into the value that its type parses."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from rapport.engine.records.fields import ENTRIES, Field

# Inputs of one field with several parts are named `slug.part`, those of lists of entries `slug.index.part`.
LISTS = frozenset({"choices", "members"})


def raw_values(data: QueryDict, fields: Sequence[Field]) -> dict[str, Any]:
    """The values of those fields that the form holds."""
    return {field.slug: raw for field in fields if (raw := raw_value(data, field)) is not None}


def raw_value(data: QueryDict, field: Field) -> Any:
    """What the form says of one field; None when the form does not hold it."""
    name = field.slug
    if field.type.name in ENTRIES:
        return _entries(data, name)
    if field.type.name == "money":
        parts = _parts(data, name)
        return parts or data.get(name)
    if field.type.name == "relation" and name in data:
        return data.get(f"{name}.id") if data[name] == data.get(f"{name}.was") else _text(data, name).strip()
    if field.type.name in LISTS:
        return [value for value in data.getlist(name) if value] if name in data else None
    if field.type.name == "file":
        # The file itself comes beside the values; see uploads.py.
        return "" if f"{name}.remove" in data else None
    if field.type.name == "bool":
        return data.getlist(name)[-1] if name in data else None
    return data.get(name)


def _text(data: QueryDict, name: str) -> str:
    """The last value of a name. Django hands out a list for a name that stands without any value."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _parts(data: QueryDict, name: str) -> dict[str, str]:
    prefix = f"{name}."
    parts = {key.removeprefix(prefix): _text(data, key) for key in data if key.startswith(prefix)}
    return {part: value for part, value in parts.items() if value}


def _entries(data: QueryDict, name: str) -> list[dict[str, Any]] | str | None:
    """Entries in the order of their indexes; `slug.primary` names the index of the primary one."""
    if name in data:
        return _text(data, name)
    entries: dict[int, dict[str, Any]] = {}
    for key in data:
        pieces = key.split(".")
        if len(pieces) == 3 and pieces[0] == name and pieces[1].isdigit():
            entries.setdefault(int(pieces[1]), {})[pieces[2]] = data[key]
    if not entries:
        return None
    primary = data.get(f"{name}.primary", "")
    return [{**entries[index], "primary": str(index) == primary} for index in sorted(entries)]
