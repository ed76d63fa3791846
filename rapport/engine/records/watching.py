"""Who is shown sensitive values: every door says so, and whoever keeps it has put itself into the list.

A type without sensitive fields costs nothing: one look at the fields that are shown anyway.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import Field
from rapport.engine.records.registry import RecordType

SENSITIVE = "sensitive"
PAGE, API, EXPORT = "page", "api", "export"
# (who looked, record type, door, how many records)
Watcher = Callable[[UUID, str, str, int], None]
WATCHERS: list[Watcher] = []


def sensitive_fields(fields: Iterable[Field]) -> list[Field]:
    """Those of the fields that hold the most sensitive class of personal data."""
    return [field for field in fields if field.personal == SENSITIVE]


def watch(
    actor: Actor, rtype: RecordType, fields: Iterable[Field], rows: Iterable[Mapping[str, Any]], *, door: str
) -> None:
    """Say that these rows, by slug, were shown to somebody; only those count that hold something sensitive."""
    watched, reader = sensitive_fields(fields), actor.onlooker or actor.user_id
    if not watched or reader is None:
        return
    held = sum(any(not field.type.is_empty(row[field.slug]) for field in watched) for row in rows)
    if held:
        for watcher in WATCHERS:
            watcher(reader, rtype.slug, door, held)
