"""A small reader of JSON Schema: enough to hold answers against what is declared."""

from typing import Any

NAMES = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool,
    "null": type(None),
}  # fmt: skip


def faults(schema: dict[str, Any], value: Any, document: dict[str, Any], path: str = "") -> list[str]:
    """What about a value is not as declared; undeclared members of an object count too."""
    if "$ref" in schema:
        return faults(resolve(document, schema["$ref"]), value, document, path)
    if "oneOf" in schema:
        matching = [one for one in schema["oneOf"] if not faults(one, value, document, path)]
        return [] if len(matching) == 1 else [f"{path}: {len(matching)} shapes match {value!r}"]
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{path}: {value!r} is none of {schema['enum']}"]
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(kind, value) for kind in kinds):
        return [f"{path}: {value!r} is not {kinds}"]
    if isinstance(value, list):
        return [
            one
            for index, item in enumerate(value)
            for one in faults(schema.get("items", {}), item, document, f"{path}/{index}")
        ]
    if isinstance(value, dict) and "properties" in schema:
        return _object_faults(schema, value, document, path)
    return []


def resolve(document: dict[str, Any], reference: str) -> Any:
    """What a reference within the document points at; KeyError where it leads nowhere."""
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def references(part: Any) -> list[str]:
    """All references in a document."""
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [one for child in part.values() for one in references(child)]
    return [one for child in part for one in references(child)] if isinstance(part, list) else []


def _object_faults(schema: dict[str, Any], value: dict[str, Any], document: dict[str, Any], path: str) -> list[str]:
    found = [f"{path}/{name} is missing" for name in schema.get("required", []) if name not in value]
    for name, item in value.items():
        if name not in schema["properties"]:
            found.append(f"{path}/{name} is not declared")
        else:
            found += faults(schema["properties"][name], item, document, f"{path}/{name}")
    return found


def _is(kind: str, value: Any) -> bool:
    return isinstance(value, NAMES[kind]) and (kind == "boolean" or not isinstance(value, bool))
