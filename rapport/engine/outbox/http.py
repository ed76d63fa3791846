"""Requests to other systems: queued within an act, sent by the worker through the guarded client."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rapport.engine.events.act import Act
from rapport.engine.jobs.stopping import is_stopping
from rapport.engine.outbox.client import Answer, FetchError, Limits, Refused, fetch
from rapport.engine.outbox.models import Kind, OutgoingMessage, State
from rapport.engine.outbox.queue import Verdict, begin, claim, give_back, put, settle

LIMITS = Limits(seconds=15, size=64 * 1024, redirects=0)
LATER = frozenset({408, 425, 429})
LONGEST_WAIT = 86_400


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
            settle(message, _sent(message))
    return len(taken)


def _sent(message: OutgoingMessage) -> Verdict:
    content = message.content()
    headers = {"Content-Type": "application/json", **content["headers"], "Idempotency-Key": message.key}
    try:
        answer = fetch("POST", message.to, headers=headers, body=json.dumps(content["body"]).encode(), limits=LIMITS)
    except Refused as refusal:
        return Verdict(State.FAILED, str(refusal))
    except FetchError as error:
        lost = error.may_have_arrived and not message.repeatable
        return Verdict(State.UNKNOWN if lost else State.QUEUED, str(error))
    return _verdict(answer)


def _verdict(answer: Answer) -> Verdict:
    words = f"{answer.status} {answer.body[:500].decode(errors='replace')}".strip()
    if 200 <= answer.status < 300:
        return Verdict(State.SENT, words)
    if answer.status in LATER or answer.status >= 500:
        wait = answer.headers.get("retry-after", "")
        return Verdict(State.QUEUED, words, min(int(wait), LONGEST_WAIT) if wait.isdecimal() else None)
    return Verdict(State.FAILED, words)
