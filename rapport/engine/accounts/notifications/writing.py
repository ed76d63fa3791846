"""Telling users something, each thing once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from rapport.engine.accounts.notifications.waking import wake_pages
from rapport.engine.events.plain import dumps, plain

LONGEST_TITLE = 200
AT_ONCE = 1000
INSERT = """
INSERT INTO accounts_notification (user_id, key, kind, title, body, url, record_type, record_id, source_id, who_id,
    data, is_important, read_at, created_at, came_at)
SELECT user_id, key, kind, title, body, url, record_type, record_id, source_id, who_id,
    data, is_important, CASE WHEN seen THEN now.at END, now.at, now.at
FROM jsonb_to_recordset(%s::jsonb) AS notice(user_id uuid, key text, kind text, title text, body text, url text,
    record_type text, record_id uuid, source_id uuid, who_id uuid, data jsonb, is_important boolean, seen boolean),
    (SELECT %s::timestamptz AS at) AS now
ON CONFLICT (user_id, key) DO NOTHING
RETURNING user_id, read_at IS NULL
"""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing to tell one user. `key` names its source: what has the same key is told once.

    What is about a record names it by the slug of its type and its id; `who_id` is the user who caused it, `source_id`
    what it comes from, `data` small parameters for the teller of its `kind`. Kinds without a teller carry their words.
    `seen`: the user looks at the record at this moment, so it is stored as read.
    """

    user_id: UUID
    key: str
    kind: str = ""
    title: str = ""
    body: str = ""
    url: str = ""
    record_type: str = ""
    record_id: UUID | None = None
    source_id: UUID | None = None
    who_id: UUID | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    is_important: bool = True
    seen: bool = False


def notify_all(notices: Sequence[Notice]) -> int:
    """Tell users something, once for each user and key. Open pages learn of it when the transaction commits.

    Returns how many were new.
    """
    told: list[tuple[UUID, bool]] = []
    with transaction.atomic():
        for start in range(0, len(notices), AT_ONCE):
            told += _insert(notices[start : start + AT_ONCE])
        wake_pages(*(user for user, is_unread in told if is_unread))
    return len(told)


def notify(user_id: UUID, *, title: str, url: str, key: str, body: str = "") -> bool:
    """Tell a user something that is about no record, once for each key. Returns whether it was new."""
    return bool(notify_all([Notice(user_id=user_id, key=key, title=title, body=body, url=url)]))


def _insert(notices: Iterable[Notice]) -> list[tuple[UUID, bool]]:
    rows = [{**plain(asdict(notice)), "title": notice.title[:LONGEST_TITLE]} for notice in notices]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [dumps(rows), timezone.now()])
        return list(cursor.fetchall())
