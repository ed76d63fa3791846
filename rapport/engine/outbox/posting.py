"""One request to another system and what its answer means. Loaded with the client when there is something to send."""

import json

from rapport.engine.outbox.client import Answer, FetchError, Limits, Refused, fetch
from rapport.engine.outbox.models import OutgoingMessage, State
from rapport.engine.outbox.queue import Verdict

LIMITS = Limits(seconds=15, size=64 * 1024, redirects=0)
LATER = frozenset({408, 425, 429})
LONGEST_WAIT = 86_400


def post(message: OutgoingMessage) -> Verdict:
    """Send a message and say what became of it."""
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
