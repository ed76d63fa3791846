"""One thing that leaves the house, from its writing to the answer."""

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.ids import uuid7
from rapport.engine.outbox.secrets import SealedField


class Kind(models.TextChoices):
    """How it leaves."""

    MAIL = "mail", _("Mail")
    HTTP = "http", _("HTTP request")


class State(models.TextChoices):
    """Where it stands. Unknown: handed over, but the answer was lost; only a person may send it again."""

    QUEUED = "queued", _("Queued")
    LEASED = "leased", _("Being sent")
    SENT = "sent", _("Sent")
    UNKNOWN = "unknown", _("Unknown")
    FAILED = "failed", _("Failed")
    NOT_SENT = "not_sent", _("Not sent")
    HELD = "held", _("Held")


class OutgoingMessage(models.Model):
    """A mail to one address or a request to one URL. `key` is unique, so nothing is queued twice.

    `payload` is sealed, because mails carry links that sign people in. `lease` names the process that has it now;
    `handed_at` is set the moment before the other side could take it, and never taken back by itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.TextField(unique=True)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    to = models.TextField()
    subject = models.TextField(blank=True)
    payload = SealedField()
    repeatable = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True)
    next_try = models.DateTimeField()
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    batch = models.UUIDField()

    class Meta:
        db_table = "outgoing_message"
        indexes = [
            models.Index(fields=["kind", "next_try"], condition=models.Q(state="queued"), name="outgoing_due"),
            models.Index(fields=["lease_until"], condition=models.Q(state="leased"), name="outgoing_leased"),
            models.Index(fields=["state", "-id"], name="outgoing_state"),
            models.Index(fields=["batch"], name="outgoing_batch"),
        ]

    def content(self) -> dict[str, Any]:
        """What it says. Empty once it was cleared."""
        found: dict[str, Any] = json.loads(self.payload.open()) if self.payload else {}
        return found
