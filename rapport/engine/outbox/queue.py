"""The outbox as a queue: rows written first, claimed in slices under a lease, settled with the answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.outbox.models import Kind, OutgoingMessage, State

CHANNEL = "outbox"
SLICE = 20
LEASE = timedelta(minutes=5)
PAUSES = (60, 300, 1800, 7200, 18_000, 36_000, 50_400, 86_400)  # seconds before each further try, some three days


@dataclass(frozen=True)
class Verdict:
    """What became of a hand-over. `again_after` in seconds, if the other side said so."""

    state: State
    answer: str
    again_after: int | None = None


def put(act: Act, message: OutgoingMessage, payload: Mapping[str, Any]) -> UUID:
    """Write a message in the act's transaction; one with the same key is left as it is. Returns its id."""
    message.payload = json.dumps(payload)
    message.created_at = message.next_try = act.now
    message.created_by, message.batch = act.actor.user_id, act.batch
    OutgoingMessage.objects.bulk_create([message], ignore_conflicts=True)
    wake()
    return OutgoingMessage.objects.values_list("id", flat=True).get(key=message.key)


def wake() -> None:
    """Have the worker look at once, when this transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def claim(kind: Kind) -> list[OutgoingMessage]:
    """Take the next messages under a lease; no other process gets them while it lasts."""
    now = timezone.now()
    recover(kind)
    with transaction.atomic():
        due = OutgoingMessage.objects.select_for_update(skip_locked=True).filter(
            kind=kind, state=State.QUEUED, next_try__lte=now
        )
        taken = list(due.order_by("next_try", "id")[:SLICE])
        lease = uuid4()
        OutgoingMessage.objects.filter(pk__in=[message.pk for message in taken]).update(
            state=State.LEASED, lease=lease, lease_until=now + LEASE, handed_at=None
        )
        for message in taken:
            message.lease = lease
    return taken


def begin(message: OutgoingMessage) -> bool:
    """Note, the moment before the other side could take it, that from now on nobody knows. False: it is not ours."""
    now = timezone.now()
    noted = _mine(message).update(handed_at=now, lease_until=now + LEASE)
    return bool(noted)


def settle(message: OutgoingMessage, verdict: Verdict) -> None:
    """Write the answer. What should be tried again waits longer each time, and fails in the end."""
    now = timezone.now()
    attempts = message.attempts + 1
    state, next_try = verdict.state, message.next_try
    if state == State.QUEUED:
        if attempts > len(PAUSES):
            state = State.FAILED
        else:
            pause = max(PAUSES[attempts - 1], verdict.again_after or 0)
            next_try = now + timedelta(seconds=pause)
    _mine(message).update(
        state=state,
        answer=verdict.answer[:2000],
        attempts=attempts,
        next_try=next_try,
        lease=None,
        lease_until=None,
        ended_at=None if state == State.QUEUED else now,
    )


def give_back(messages: Sequence[OutgoingMessage], answer: str = "") -> None:
    """Return messages that were not tried. It costs them no try; `answer` says what stood in the way."""
    for message in messages:
        _mine(message).update(state=State.QUEUED, lease=None, lease_until=None, answer=answer[:2000])


def recover(kind: Kind) -> None:
    """End the leases of processes that died: untried messages go back, those handed over are unknown."""
    now = timezone.now()
    over = OutgoingMessage.objects.filter(kind=kind, state=State.LEASED, lease_until__lt=now)
    free = {"lease": None, "lease_until": None}
    over.filter(handed_at=None).update(state=State.QUEUED, **free)
    over.filter(repeatable=True).update(state=State.QUEUED, **free)
    words = _("The program ended before the answer came. It may have arrived.")
    over.update(state=State.UNKNOWN, answer=words, ended_at=now, **free)


def _mine(message: OutgoingMessage) -> Any:
    return OutgoingMessage.objects.filter(pk=message.pk, lease=message.lease, state=State.LEASED)
