"""Entries into the journal: rows, payloads and subjects, many in one statement, and the news of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

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
    _wake_after_commit()


def _wake_after_commit() -> None:
    """Wake those who listen, once for a transaction, in one of its own.

    A transaction that notifies holds a lock of the whole server while its commit is flushed to disk, so that writers
    take turns: six of them then make 200 to 700 commits a second, and 1,400 in this way.
    """
    # One that was asked for in a savepoint since taken back is gone from this list.
    if not any(asked[1] is _wake for asked in connection.run_on_commit):
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_wake()")


def _told(entry: Entry) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": entry.kind, "type": entry.about_type}
    if entry.about_id is not None:
        told["id"] = entry.about_id
    for name in ("before", "after", "data"):
        if (values := getattr(entry, name)) is not None:
            told[name] = values
    if entry.subjects:
        told["subjects"] = [{"type": one.type, "id": one.id, "role": one.role} for one in entry.subjects]
    return told
