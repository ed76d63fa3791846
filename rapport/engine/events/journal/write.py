"""Entries into the journal: rows, payloads, subjects and the news of them, many in one statement."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection

from rapport.engine.events.journal.entries import Entry
from rapport.engine.events.plain import dumps

if TYPE_CHECKING:
    from rapport.engine.events.act import Act

CHUNK = 1000
# A function of the database, because its plan is then made once for each connection and not for each act.
WRITE = """
SELECT journal_write(%(entries)s::jsonb, at => %(at)s, actor_kind => %(actor_kind)s, actor_id => %(actor_id)s,
                     actor_name => %(actor_name)s, user_id => %(user_id)s, batch => %(batch)s, reason => %(reason)s)
"""


def write(act: "Act", entries: Sequence[Entry]) -> None:
    """Write the entries of an act, in order, and wake those who listen once the transaction commits."""
    told = {
        "at": act.now,
        "actor_kind": act.actor.kind,
        "actor_id": act.actor.id,
        "actor_name": act.actor.name,
        "user_id": act.actor.user_id,
        "batch": act.batch,
        "reason": act.reason,
    }
    with connection.cursor() as cursor:
        for start in range(0, len(entries), CHUNK):
            chunk = dumps([_told(entry) for entry in entries[start : start + CHUNK]])
            cursor.execute(WRITE, {**told, "entries": chunk})


def _told(entry: Entry) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": entry.kind, "type": entry.about_type}
    if entry.about_id is not None:
        told["id"] = str(entry.about_id)
    for name in ("before", "after", "data"):
        if (values := getattr(entry, name)) is not None:
            told[name] = values
    if entry.subjects:
        told["subjects"] = [{"type": one.type, "id": str(one.id), "role": one.role} for one in entry.subjects]
    return told
