"""One call of the API: who asks, what was sent, and the act in which a write happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.engine.api.problems import Problem, not_found
from rapport.engine.api.queries import first_entry
from rapport.engine.events.act import Act, open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.events.undo import is_undone
from rapport.engine.records.gate import Verb, may, require
from rapport.engine.records.registry import RecordType, find_record_type

REASON = "API"
BATCH = "Rapport-Batch"
OPEN_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Call:
    """A request, its actor, and its body as it was sent and as JSON."""

    request: HttpRequest
    actor: Actor
    sent: bytes = b""
    body: Any = None

    def record_type(self, slug: str, verb: Verb = "read") -> RecordType:
        """The type of an address. Raises Problem 404 for one that is unknown or hidden, NotAllowed for the verb."""
        rtype = find_record_type(slug)
        if rtype is None or not may(self.actor, rtype, "read"):
            raise not_found()
        require(self.actor, rtype, verb)
        return rtype

    @contextmanager
    def act(self) -> Iterator[Act]:
        """The act of a write, in the batch that the request wants to join or in one of its own."""
        with open_act(self.actor, reason=REASON, batch=self.batch()) as act:
            yield act

    def batch(self) -> UUID | None:
        """The batch that the request joins. Raises Problem for one that is unknown, closed or somebody else's."""
        header = self.request.headers.get(BATCH)
        if header is None:
            return None
        if (batch := read_id(header)) is None:
            raise Problem("bad-header", _("Rapport-Batch holds the id of a batch."), header=BATCH)
        first = first_entry(batch)
        is_ours = first is not None and self.actor.user_id is not None and first.user_id == self.actor.user_id
        if first is None or not is_ours or timezone.now() - first.at > OPEN_FOR or is_undone(batch):
            detail = _("A batch can be joined by who began it, within an hour, while it has not been undone.")
            raise Problem("batch-closed", detail, batch=str(batch))
        return batch


def gone(batch: UUID) -> HttpResponse:
    """Nothing, for it was deleted, with the batch that brings it back."""
    response = HttpResponse(status=204)
    response[BATCH] = str(batch)
    return response


def answer(data: Any, *, status: int = 200, batch: UUID | None = None) -> HttpResponse:
    """JSON, with the batch that a write was part of."""
    response = HttpResponse(orjson.dumps(data), status=status, content_type="application/json")
    if batch:
        response[BATCH] = str(batch)
    return response
