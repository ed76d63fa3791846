"""What templates are given: values ready to be shown, faces, addresses."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.files.models import StoredFile
from rapport.engine.records.computed.side import values_of
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask
from rapport.engine.records.queries import Label, labels
from rapport.engine.records.queries.labels import POINTING, USERS, pointed_at
from rapport.engine.records.registry import RecordType, find_record_type
from rapport.engine.records.showing import face, record_url
from rapport.engine.web.addresses import address
from rapport.engine.web.formatting import file_size


def pointer(label: Label) -> dict[str, Any]:
    """A relation, user or file as templates show it."""
    if label.file is not None:
        return _file(label.file)
    rtype = None if label.type == USERS else find_record_type(label.type)
    return {
        "id": label.id,
        "title": label.title,
        "url": record_url(rtype, label.id) if rtype and rtype.section else None,
        "face": face(label.title, label.id, square=bool(rtype and rtype.square)),
    }


def title_shown(actor: Actor, rtype: RecordType, row: Any) -> str:
    """What a record is called to the reader; what kind it is where that is not theirs to see, or nothing."""
    return (rtype.title_of(row) if mask(actor, rtype).shows(rtype.title) else "") or str(rtype.label)


def _file(file: StoredFile) -> dict[str, Any]:
    url = address("files:file", file.pk)
    return {
        "id": file.pk,
        "title": file.name,
        "size": file_size(file.size),
        "url": url,
        "preview_url": f"{url}?inline=1" if file.is_picture else None,
    }


def present(actor: Actor, fields: Iterable[Field], rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows by slug, with what they point at as titles and links; one query for each type pointed at."""
    fields, rows = list(fields), list(rows)
    pointers = pointers_to(actor, pointed_at(fields, rows))
    return [with_pointers(fields, row, pointers) for row in rows]


def pointers_to(actor: Actor, wanted: Iterable[tuple[str, UUID]]) -> dict[UUID, dict[str, Any]]:
    """What templates show of (type, id) pairs; what the actor may not see is missing."""
    return {key: pointer(label) for key, label in labels(actor, wanted).items()}


def with_pointers(
    fields: Iterable[Field], row: Mapping[str, Any], pointers: Mapping[UUID, dict[str, Any]]
) -> dict[str, Any]:
    """A row by slug whose relations, users and files are pointers, None where there is none."""
    pointing = {field.slug for field in fields if field.type.name in POINTING}
    return {slug: pointers.get(value) if slug in pointing else value for slug, value in row.items()}


__all__ = ["face", "pointer", "present", "record_url", "values_of"]
