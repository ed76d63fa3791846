"""The shape of a record type for finding duplicates: its fields by their types, or as declared; and reading by it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from rapport.engine.records.duplicates.linking.agreeing import Value
from rapport.engine.records.duplicates.linking.shape import Column, Shape
from rapport.engine.records.fields import Field
from rapport.engine.records.registry import RecordType

BY_TYPE = {
    "emails": "emails",
    "email": "emails",
    "phones": "phones",
    "phone": "phones",
    "domains": "domains",
    "links": "links",
    "link": "links",
}
ENTRIES = {"emails": "email", "phones": "phone", "domains": "domain", "links": "url"}
PARTS = ("street", "postcode", "city", "region", "country")


def shape_of(rtype: RecordType, *, besides: Collection[str] = ()) -> Shape:
    """What is compared of records of a type, but for some fields; a shape without columns if it has nothing to tell."""
    if not rtype.finds_duplicates or not rtype.by_roles:
        return Shape(())
    fields = [one for one in rtype.all_fields() if one.slug not in besides and _is_kept(one)]
    declared = {one.alike for one in fields}
    columns = [column for one in fields for column in _columns(rtype, one, bool(declared & {"given", "family"}))]
    return Shape(tuple(columns))


def values_of(rtype: RecordType, shape: Shape, get: Any) -> dict[str, Any]:
    """The values that a shape compares, `get` giving that of a field."""
    found: dict[str, Any] = {}
    for slug in {column.name.partition(".")[0]: None for column in shape.columns}:
        field = rtype.field(slug)
        if field is None:
            continue
        value = get(field)
        if field.type.name == "addresses":
            first = (value or [{}])[0]
            found |= {f"{slug}.{part}": first.get(part) for part in PARTS}
        elif field.type.name in ENTRIES:
            found[slug] = [entry.get(ENTRIES[field.type.name]) for entry in value or ()]
        else:
            found[slug] = value
    return found


def normal(rtype: RecordType, shape: Shape, row: Any) -> dict[str, Value]:
    """The normal values of a record."""
    return shape.normal(values_of(rtype, shape, lambda field: field.get(row)))


def columns_of(rtype: RecordType, shape: Shape) -> list[str]:
    """The columns of the table that a shape is read from."""
    fields = [field for column in shape.columns if (field := rtype.field(column.name.partition(".")[0]))]
    return sorted({"custom" if field.custom else field.column for field in fields} | {"version"})


def fields_compared(shape: Shape, kind: str) -> list[str]:
    """The slugs of the fields that a comparison is about."""
    return list(dict.fromkeys(name.partition(".")[0] for name in shape.kinds.get(kind, ())))


def signature(shape: Shape) -> list[Sequence[str]]:
    """What tells whether a model was learned for this shape."""
    return [[column.name, column.kind] for column in shape.columns]


def named(reasons: Mapping[str, tuple[str, float]], shape: Shape) -> dict[str, list[Any]]:
    """Reasons by field: `{"emails": ["same", 13.2]}`; of several about one field the strongest."""
    found: dict[str, list[Any]] = {}
    for kind, (label, weight) in reasons.items():
        for slug in fields_compared(shape, kind):
            if slug not in found or abs(weight) > abs(found[slug][1]):
                found[slug] = [label, round(weight, 1)]
    return found


def _is_kept(field: Field) -> bool:
    return field.computed is None and field.through is None and not field.part_of and field.alike != "none"


def _columns(rtype: RecordType, field: Field, are_people: bool) -> Iterator[Column]:
    kind = field.alike or BY_TYPE.get(field.type.name, "")
    if not kind and field.type.name == "text":
        kind = "code" if field.unique else "name" if field.slug == rtype.title and not are_people else ""
    if kind == "links" and not are_people and any(one.type.name == "domains" for one in rtype.fields):
        kind = "domains"
    if field.type.name == "addresses":
        yield from (Column(f"{field.slug}.{part}", part) for part in PARTS)
    elif kind:
        yield Column(field.slug, kind)
