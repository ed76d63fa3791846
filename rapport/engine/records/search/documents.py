"""Making search documents from records, a set at a time: the number of queries does not depend on how many."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from rapport.engine.records.folding import fold
from rapport.engine.records.models import ExternalId, SearchDocument
from rapport.engine.records.registry import RecordType
from rapport.engine.records.search.terms import WHOLE, bare, searched, terms

LONGEST_NAME = 200
MOST_BYTES = 500_000  # of the terms of one record: a tsvector holds a megabyte

# A slow rebuild must not overwrite what the journal has told since, hence the version.
WRITE = """
INSERT INTO search_document AS known
    (record_id, record_type, parent_type, parent_id, names, terms, owner_id, version, changed_at)
SELECT id, type, parent_type, parent_id, names, terms::tsvector, owner_id, version, changed_at
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::int[],
            %s::timestamptz[])
    AS given(id, type, parent_type, parent_id, names, terms, owner_id, version, changed_at)
ORDER BY id
ON CONFLICT (record_id) DO UPDATE SET
    record_type = excluded.record_type, parent_type = excluded.parent_type, parent_id = excluded.parent_id,
    names = excluded.names, terms = excluded.terms, owner_id = excluded.owner_id,
    version = excluded.version, changed_at = excluded.changed_at
WHERE known.version <= excluded.version
  AND (known.version, known.record_type, known.parent_id, known.names, known.terms)
      IS DISTINCT FROM (excluded.version, excluded.record_type, excluded.parent_id, excluded.names, excluded.terms)
"""


@dataclass(frozen=True)
class Document:
    """A row of the index, its columns in the order in which they are written."""

    record_id: UUID
    record_type: str
    parent_type: str
    parent_id: UUID | None
    names: str
    terms: str
    owner_id: UUID | None
    version: int
    changed_at: datetime

    @property
    def columns(self) -> tuple[Any, ...]:
        return tuple(vars(self).values())


def follow(types: Sequence[RecordType], keys: Collection[UUID]) -> None:
    """Bring the documents of these records up to date; `types` are those that share the records' table."""
    live: set[UUID] = set()
    for rtype in types:
        rows = list(rtype.rows().filter(pk__in=keys, deleted_at=None)) if searched(rtype) else []
        write(documents(rtype, rows))
        live.update(row.pk for row in rows)
    forget(set(keys) - live)


def write(made: Sequence[Document]) -> None:
    """Put documents into the index, those that say something new."""
    if made:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [list(column) for column in zip(*(one.columns for one in made), strict=True)])


def forget(keys: Collection[UUID]) -> None:
    """Take records out of the index."""
    if keys:
        SearchDocument._default_manager.filter(pk__in=keys).delete()


def documents(rtype: RecordType, rows: Sequence[Any]) -> list[Document]:
    """What search should know of records of one type."""
    elsewhere: dict[UUID, list[str]] = {}
    known = ExternalId.objects.filter(record_id__in=[row.pk for row in rows], deleted_at=None) if rows else []
    for one in known:
        elsewhere.setdefault(one.record_id, []).append("=" + WHOLE + bare(fold(one.value)))
    return [_document(rtype, row, elsewhere.get(row.pk, [])) for row in rows]


def _document(rtype: RecordType, row: Any, known_elsewhere: Iterable[str]) -> Document:
    parent_type, parent_id = _parent(rtype, row)
    owner = rtype.field("owner")
    found = [f"{field.slug}={term}" for field in searched(rtype) for term in terms(field, field.get(row))]
    return Document(
        record_id=row.pk,
        record_type=rtype.slug,
        parent_type=parent_type,
        parent_id=parent_id,
        names="" if parent_type or not rtype.title_field.searchable else fold(rtype.title_of(row))[:LONGEST_NAME],
        terms=_lexemes([*found, *known_elsewhere]),
        owner_id=owner.get(row) if owner else None,
        version=row.version,
        changed_at=row.changed_at,
    )


def _parent(rtype: RecordType, row: Any) -> tuple[str, UUID | None]:
    """The record as which a child is found."""
    if not rtype.sees_as:
        return "", None
    return (row.about_type if rtype.sees_as == "*" else rtype.sees_as), getattr(row, rtype.parent_column)


def _lexemes(found: Iterable[str]) -> str:
    """Terms as PostgreSQL reads a tsvector."""
    quoted: list[str] = []
    room = MOST_BYTES
    for term in dict.fromkeys(found):
        room -= len(term.encode())
        if room < 0:
            break
        quoted.append("'" + term.replace("\\", "\\\\").replace("'", "''") + "'")
    return " ".join(quoted)
