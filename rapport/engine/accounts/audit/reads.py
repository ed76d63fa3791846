"""How often users see sensitive values: counted in memory and kept some seconds later, so that no page waits for it."""

import logging
import threading
from collections import Counter
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from rapport.engine.accounts.models import SensitiveRead
from rapport.engine.records.definitions import definitions
from rapport.engine.records.watching import WATCHERS
from rapport.engine.runtime.ending import before_the_end

logger = logging.getLogger(__name__)

KEEP = """
INSERT INTO accounts_sensitiveread AS kept (user_id, day, record_type, door, records)
SELECT * FROM unnest(%s::uuid[], %s::date[], %s::text[], %s::text[], %s::bigint[])
ON CONFLICT (day, user_id, record_type, door) DO UPDATE SET records = kept.records + excluded.records
"""
Key = tuple[UUID, date, str, str]

_lock = threading.Lock()
_counted: Counter[Key] = Counter()


def count_read(user: UUID, record_type: str, door: str, records: int) -> None:
    """Count records that somebody was shown. The first one since the last time sets the clock."""
    day = timezone.now().astimezone(definitions().organisation.zone).date()
    with _lock:
        is_first = not _counted
        _counted[user, day, record_type, door] += records
    if is_first:
        _set_clock()


def keep_reads() -> int:
    """Write down what was counted. Returns how many records; what cannot be written is kept for the next time."""
    with _lock:
        taken = Counter(_counted)
        _counted.clear()
    if not taken:
        return 0
    keys = sorted(taken, key=lambda key: (key[1], str(key[0]), *key[2:]))
    columns = [list(column) for column in zip(*keys, strict=True)]
    try:
        with connection.cursor() as cursor:
            cursor.execute(KEEP, [*columns, [taken[key] for key in keys]])
    except DatabaseError:
        with _lock:
            _counted.update(taken)
        raise
    return taken.total()


def forget_old_reads(*, before: date) -> None:
    SensitiveRead.objects.filter(day__lt=before).delete()


def read_days() -> timedelta:
    """How long counts are kept."""
    return timedelta(days=settings.AUDIT_READS_KEPT_DAYS)


def keep_last_reads() -> None:
    """Write down what is left when the process ends."""
    try:
        keep_reads()
    except DatabaseError as error:
        logger.error("Reads of sensitive fields were lost: %s: %s", dict(_counted), error)
    finally:
        connection.close()


def _set_clock() -> None:
    if settings.AUDIT_READS_WRITTEN_AFTER:
        clock = threading.Timer(settings.AUDIT_READS_WRITTEN_AFTER, _keep_in_time)
        clock.daemon = True
        clock.start()


def _keep_in_time() -> None:
    try:
        keep_reads()
    except DatabaseError as error:
        logger.warning("Reads of sensitive fields cannot be written at the moment: %s", error)
        _set_clock()
    finally:
        connection.close()


WATCHERS.append(count_read)
before_the_end(keep_last_reads)
