"""What templates are given: values ready to be shown, faces, addresses."""

from collections.abc import Iterable, Mapping
from typing import Any

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import Field
from rapport.engine.records.queries import Label, labels
from rapport.engine.records.queries.labels import USERS, pointed_at
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.showing import face, record_url


def pointer(label: Label) -> dict[str, Any]:
    """A relation or user as templates show it."""
    rtype = None if label.type == USERS else find_record_type(label.type)
    return {
        "id": label.id,
        "title": label.title,
        "url": record_url(rtype, label.id) if rtype and rtype.section else None,
        "face": face(label.title, label.id, square=bool(rtype and rtype.square)),
    }


def present(actor: Actor, fields: Iterable[Field], rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows by slug, with what they point at as titles and links; one query for each type pointed at."""
    fields = list(fields)
    shown = [dict(row) for row in rows]
    found = labels(actor, pointed_at(fields, shown))
    for field in fields:
        if field.type.name in ("relation", "user"):
            for row in shown:
                label = found.get(row[field.slug]) if row.get(field.slug) else None
                row[field.slug] = pointer(label) if label else None
    return shown


def values_of(fields: Iterable[Field], row: Any) -> dict[str, Any]:
    """The stored values of one record by slug."""
    return {field.slug: field.get(row) for field in fields}


__all__ = ["face", "pointer", "present", "record_url", "values_of"]
