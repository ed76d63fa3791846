"""A request with an Idempotency-Key is done once: sent again it gets the answer that it got, for a day.

The key is claimed in the transaction that does the work, so the claim lasts exactly if the work does: a second
request waits at the claim until the first is through, and a request that failed leaves its key free.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from rapport.engine.api.call import Call
from rapport.engine.api.models import StoredAnswer
from rapport.engine.api.problems import Problem

KEPT_FOR = timedelta(hours=24)
PATIENCE = "5s"
KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")
KEPT_HEADERS = ("Content-Type", "Location", "ETag", "Rapport-Batch")


def once(call: Call, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do the work, or give the answer it had when it was done. Raises Problem for a key that cannot be used."""
    key = call.request.headers.get("Idempotency-Key")
    if key is None or call.actor.id is None:
        return work()
    if not KEY.fullmatch(key):
        detail = _("An Idempotency-Key has 1 to 255 printable ASCII characters.")
        raise Problem("bad-header", detail, header="Idempotency-Key")
    mine = StoredAnswer(owner=call.actor.id, key=key, fingerprint=fingerprint(call), created_at=timezone.now())
    with transaction.atomic():
        kept = _claim(mine)
        if kept.pk != mine.pk:
            return _again(kept, mine.fingerprint)
        answer = work()
        mine.status, mine.body = answer.status_code, answer.content
        mine.headers = {name: answer[name] for name in KEPT_HEADERS if name in answer}
        mine.save(force_update=True)
    return answer


def forget_old_answers() -> None:
    """Delete the answers whose day is over."""
    StoredAnswer.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()


def fingerprint(call: Call) -> str:
    """What makes two requests the same: method, address and body."""
    parts = (str(call.request.method).encode(), call.request.get_full_path().encode(), call.sent)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _claim(mine: StoredAnswer) -> StoredAnswer:
    """The row that holds the key: ours, or the one of the request that was here before."""
    held = StoredAnswer.objects.filter(owner=mine.owner, key=mine.key)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        held.filter(created_at__lt=mine.created_at - KEPT_FOR).delete()
        StoredAnswer.objects.bulk_create([mine], ignore_conflicts=True)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        detail = _("A request with this key has not been answered yet. Ask again in a moment.")
        raise Problem("still-running", detail, headers={"Retry-After": "2"}) from error
    return held.get()


def _again(kept: StoredAnswer, wanted: str) -> HttpResponse:
    if kept.fingerprint != wanted:
        raise Problem("key-used", _("Another request was sent with this key within the last 24 hours."))
    headers = {**kept.headers, "Idempotency-Replayed": "true"}
    return HttpResponse(bytes(kept.body), status=kept.status, headers=headers)
