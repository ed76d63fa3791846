"""What the outbox does when something happened elsewhere."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.events.act import Act
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.reactions import when
from rapport.engine.events.undo import BatchUndone
from rapport.engine.outbox.actions import WAITING
from rapport.engine.outbox.events import MessageHeld
from rapport.engine.outbox.models import OutgoingMessage, State


@when(BatchUndone, label=__("Messages of what was undone"))
def hold_what_was_undone(act: Act, entries: Sequence[JournalEntry]) -> None:
    """Messages of an undone batch that have not left yet stay in the house until somebody releases them."""
    batches = [entry.about_id for entry in entries]
    waiting = OutgoingMessage.objects.select_for_update().filter(batch__in=batches, state__in=WAITING)
    held = [message.id for message in waiting.order_by("pk")]
    for message_id in held:
        act.happened(MessageHeld(message_id))
    words = _("What it was about was undone.")
    OutgoingMessage.objects.filter(pk__in=held).update(state=State.HELD, answer=words)
