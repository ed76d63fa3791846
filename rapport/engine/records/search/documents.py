"""Making search documents from records, a set at a time: the number of queries does not depend on how many."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import RawSQL

from rapport.engine.events.plain import dumps
from rapport.engine.records.folding import fold
from rapport.engine.records.models import ExternalId, SearchDocument
from rapport.engine.records.registry import RecordType
from rapport.engine.records.search.terms import WHOLE, bare, place, quoted, searched, terms
from rapport.engine.records.search.words import keep_words

LONGEST_NAME = 200
MOST_BYTES = 500_000  # of the terms of one record: a tsvector holds a megabyte

# A slow rebuild must not overwrite what the journal has told since, hence the version.
WRITE = """
INSERT INTO search_document AS known
    (record_id, record_type, parent_type, parent_id, names, terms, owner_id, version, changed_at)
SELECT id, type, parent_type, parent_id, names, terms::tsvector, owner_id, version, changed_at
FROM json_to_recordset(%s::json) AS given(
    id uuid, type text, parent_type text, parent_id uuid, names text, terms text, owner_id uuid, version int,
    changed_at timestamptz)
ORDER BY id
ON CONFLICT (record_id) DO UPDATE SET
    record_type = excluded.record_type, parent_type = excluded.parent_type, parent_id = excluded.parent_id,
    names = excluded.names, terms = excluded.terms, owner_id = excluded.owner_id,
    version = excluded.version, changed_at = excluded.changed_at
WHERE known.version <= excluded.version
  AND (known.version, known.record_type, known.parent_id, known.names, known.terms)
      IS DISTINCT FROM (excluded.version, excluded.record_type, excluded.parent_id, excluded.names, excluded.terms)
"""


class Document(NamedTuple):
    """A row of the index, by the names under which it is written."""

    id: UUID
    type: str
    parent_type: str
    parent_id: UUID | None
    names: str
    terms: str
    owner_id: UUID | None
    version: int
    changed_at: datetime


def follow(rtype: RecordType, keys: Collection[UUID]) -> None:
    """Bring the documents of these records of a type up to date."""
    rows = list(rows_to_read(rtype).filter(pk__in=Listed(keys), deleted_at=None))
    write(documents(rtype, rows))
    if gone := set(keys) - {row.pk for row in rows}:
        forget(gone)


def rows_to_read(rtype: RecordType) -> "models.QuerySet[Any]":
    """The records of a type with no more of their columns than a document is made of."""
    fields = [one for one in searched(rtype) if not one.custom]
    columns = {"version", "changed_at", rtype.title_field.path, *(one.column for one in fields)}
    columns |= {one.column for one in (rtype.field("owner"),) if one}
    columns |= {"custom"} if len(fields) < len(searched(rtype)) else set()
    columns |= {rtype.parent_column} if rtype.sees_as else set()
    columns |= {"about_type"} if rtype.sees_as == "*" else set()
    return rtype.rows().only(*columns)


def write(made: Sequence[Document]) -> None:
    """Put documents into the index, those that say something new."""
    if made:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [dumps([one._asdict() for one in made])])
        keep_words(one.names for one in made)


def forget(keys: Collection[UUID]) -> None:
    """Take records out of the index."""
    if keys:
        SearchDocument._default_manager.filter(pk__in=keys).delete()


def documents(rtype: RecordType, rows: Sequence[Any]) -> list[Document]:
    """What search should know of records of one type."""
    elsewhere = _known_elsewhere(rtype, [row.pk for row in rows]) if rows else {}
    places = [(place(rtype, field), field) for field in searched(rtype)]
    owner = rtype.field("owner")
    title = rtype.title_field.path if rtype.title_field.searchable and not rtype.sees_as else ""
    made = []
    for row in rows:
        parent_type, parent_id = _parent(rtype, row)
        found = [at + term for at, field in places for term in terms(field, field.get(row))]
        made.append(
            Document(
                id=row.pk,
                type=rtype.slug,
                parent_type=parent_type,
                parent_id=parent_id,
                names=fold(getattr(row, title) or "")[:LONGEST_NAME] if title else "",
                terms=_lexemes([*found, *elsewhere.get(row.pk, ())]),
                owner_id=owner.get(row) if owner else None,
                version=row.version,
                changed_at=row.changed_at,
            )
        )
    return made


def _known_elsewhere(rtype: RecordType, keys: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The ids of records in other systems, as terms."""
    found: dict[UUID, list[str]] = {}
    known = ExternalId.objects.filter(record_id__in=Listed(keys), deleted_at=None)
    for key, value in known.values_list("record_id", "value"):
        found.setdefault(key, []).append(place(rtype) + WHOLE + bare(fold(value)))
    return found


def _parent(rtype: RecordType, row: Any) -> tuple[str, UUID | None]:
    """The record as which a child is found."""
    if not rtype.sees_as:
        return "", None
    return (row.about_type if rtype.sees_as == "*" else rtype.sees_as), getattr(row, rtype.parent_column)


def _lexemes(found: Iterable[str]) -> str:
    """Terms as PostgreSQL reads a tsvector."""
    terms_ = list(dict.fromkeys(found))
    if sum(map(len, terms_)) > MOST_BYTES // 4:
        terms_ = list(_as_many_as_fit(terms_))
    return " ".join(map(quoted, terms_))


def _as_many_as_fit(found: Iterable[str]) -> Iterator[str]:
    room = MOST_BYTES
    for term in found:
        room -= len(term.encode())
        if room < 0:
            return
        yield term


class Listed(RawSQL):
    """Keys as one array. A parameter for each of a thousand costs more than finding the rows."""

    def __init__(self, keys: Collection[UUID]) -> None:
        super().__init__("SELECT unnest(%s::uuid[])", [list(keys)])
