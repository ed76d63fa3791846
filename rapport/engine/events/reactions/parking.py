"""Events that a reaction could not digest: tried again with growing pauses, then kept where people see them."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from rapport.engine.events.act import Act
from rapport.engine.events.facts import Fact
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry, ParkedEvent
from rapport.engine.events.reactions.handing import hand
from rapport.engine.events.reactions.registry import REACTIONS, Reaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class EventLeftOut(Fact, kind="event.left_out", about="events.parkedevent"):
    """Somebody decided that a reaction need not digest an entry of the journal. No part of any record's story."""

    record: None
    reaction: str
    entry: int


PAUSES = (10, 60, 600, 3600)  # seconds before each further try; after the last the event stays parked
SLICE = 100


def park(reaction: Reaction, entry: JournalEntry, error: str, *, attempts: int = 1) -> None:
    """Put an event aside, to be tried again after a pause while there are pauses left."""
    logger.error("The reaction %s failed on entry %d, attempt %d:\n%s", reaction.name, entry.id, attempts, error)
    pause = PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
    next_try_at = None if pause is None else timezone.now() + timedelta(seconds=pause)
    ParkedEvent.objects.update_or_create(
        reaction=reaction.name,
        entry_id=entry.id,
        defaults={"error": error, "attempts": attempts, "next_try_at": next_try_at},
    )


def retry_parked() -> int:
    """Try again the events whose pause is over. Returns how many went through."""
    due = ParkedEvent.objects.filter(next_try_at__lte=timezone.now(), reaction__in=REACTIONS)
    return sum(_retry(key) for key in due.order_by("next_try_at").values_list("pk", flat=True)[:SLICE])


def parked_events(limit: int, *, left_out: bool = False) -> list[ParkedEvent]:
    """The events that are parked now, the latest first; or those that somebody left out."""
    return list(ParkedEvent.objects.filter(left_out_at__isnull=not left_out).order_by("-id")[:limit])


def try_again(parked: Iterable[int]) -> None:
    """Let parked events be tried again at once, by their ids; also those that were given up or left out."""
    ParkedEvent.objects.filter(pk__in=parked).update(next_try_at=timezone.now(), left_out_at=None)


def leave_out(act: Act, parked: Iterable[int]) -> None:
    """Have parked events rest, by their ids: somebody has decided that the reaction is not needed."""
    for one in ParkedEvent.objects.select_for_update().filter(pk__in=parked, left_out_at=None):
        one.next_try_at, one.left_out_at = None, act.now
        one.save(update_fields=["next_try_at", "left_out_at"])
        act.happened(EventLeftOut(None, one.reaction, one.entry_id))


def _retry(key: int) -> bool:
    with transaction.atomic():
        parked = ParkedEvent.objects.select_for_update(skip_locked=True).filter(pk=key).first()
        if parked is None:
            return False
        entry = JournalEntry.objects.get(id=parked.entry_id)
        with_payloads([entry])
        reaction = REACTIONS[parked.reaction]
        if failed := hand(reaction, [entry]):
            park(reaction, entry, failed[0][1], attempts=parked.attempts + 1)
        else:
            parked.delete()
    return not failed
