"""The outbox as its page shows it. What a mail says is sealed and not among it."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, QuerySet

from rapport.engine.outbox.models import MailServer, OutgoingMessage, State

SHOWN = (
    "id", "kind", "to", "subject", "state", "attempts", "answer", "next_try", "handed_at", "ended_at", "created_at",
    "created_by", "batch",
)  # fmt: skip


def messages(
    *, states: Sequence[State] = (), before: UUID | None = None, batch: UUID | None = None, limit: int = 50
) -> list[OutgoingMessage]:
    """The newest messages; `before` is the id of the last one of the page before."""
    found = _shown()
    if states:
        found = found.filter(state__in=states)
    if before is not None:
        found = found.filter(id__lt=before)
    if batch is not None:
        found = found.filter(batch=batch)
    return list(found.order_by("-id")[:limit])


def message(message_id: UUID) -> OutgoingMessage | None:
    return _shown().filter(pk=message_id).first()


def counts() -> dict[State, int]:
    """How many messages there are in each state."""
    found = dict(OutgoingMessage.objects.values_list("state").annotate(Count("id")).order_by())
    return {state: found.get(state, 0) for state in State}


def set_server() -> MailServer | None:
    """The mail server that was set, whether or not the environment overrides it. Its password stays sealed."""
    return MailServer.objects.filter(deleted_at=None).first()


def left_the_house(batch: UUID) -> list[OutgoingMessage]:
    """What an act sent or may have sent: undo lists it and takes none of it back."""
    return list(_shown().filter(batch=batch, state__in=(State.SENT, State.UNKNOWN)).order_by("id"))


def _shown() -> "QuerySet[OutgoingMessage]":
    return OutgoingMessage.objects.only(*SHOWN)
