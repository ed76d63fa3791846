"""What happens to the outbox by a person's hand."""

from dataclasses import dataclass
from uuid import UUID

from rapport.engine.events.facts import Fact


@dataclass(frozen=True)
class MessageQueuedAgain(Fact, kind="message.queued_again", about="outbox.outgoingmessage"):
    """Somebody had a message handed over that was not sent, held, failed or unknown."""

    message: UUID
    was: str


@dataclass(frozen=True)
class MessageHeld(Fact, kind="message.held", about="outbox.outgoingmessage"):
    """Somebody stopped a message before it left."""

    message: UUID
