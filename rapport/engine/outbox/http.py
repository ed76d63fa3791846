"""Requests to other systems: queued within an act, sent by the worker through the guarded client."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rapport.engine.events.act import Act
from rapport.engine.jobs.stopping import is_stopping
from rapport.engine.outbox.models import Kind, OutgoingMessage
from rapport.engine.outbox.queue import begin, claim, give_back, put, settle


def send_request(
    act: Act, *, url: str, body: Any, headers: Mapping[str, str] | None = None, repeatable: bool = False, key: str
) -> UUID:
    """Queue a POST of JSON in the act's transaction. The receiver finds `key` in the header Idempotency-Key.

    `repeatable`: the receiver knows doubles by that key, so that a request without an answer may be sent again.
    """
    message = OutgoingMessage(key=key, kind=Kind.HTTP, to=url, repeatable=repeatable)
    return put(act, message, {"body": body, "headers": dict(headers or {})})


def dispatch_requests() -> int:
    """Send one slice of due requests. Returns how many were taken."""
    taken = claim(Kind.HTTP)
    for number, message in enumerate(taken):
        if is_stopping():
            give_back(taken[number:])
            break
        if begin(message):
            # The client brings six megabytes of code, which a house that calls nobody never needs.
            from rapport.engine.outbox.posting import post

            settle(message, post(message))
    return len(taken)
