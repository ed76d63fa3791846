"""A form that is sent twice is done once: two quick clicks, a reload, an answer that never came.

The form carries a key. The key and what was typed name the batch of the deed, so whoever comes second finds it done;
the same form sent again with other words is another deed.
"""

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest

from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import uuid7
from rapport.engine.events.turns import take_turns
from rapport.engine.records.history import made_in
from rapport.engine.records.registry import RecordType

KEY = "form_key"
SALT = "rapport.forms"
# What says nothing of the deed itself.
BESIDES = frozenset({KEY, "csrfmiddlewaretoken", "and_another"})


def form_key(actor: Actor) -> str:
    """The key of a form that is about to be shown."""
    return signing.dumps([str(uuid7()), str(actor.user_id)], salt=SALT)


def made_before(
    request: HttpRequest, actor: Actor, rtype: RecordType, files: Iterable[str] = ()
) -> tuple[Any, UUID | None]:
    """What this very form has made already, and the batch for making it; within a transaction.

    None and a batch for one that comes for the first time, None and none for one without a key of ours. What was made
    and taken back since is made anew, for who sends the form again wants it again.
    """
    batch = _batch(request, actor, files)
    if batch is None:
        return None, None
    # Whoever comes second waits, and sees what was done.
    take_turns(f"form {batch}")
    made = next(iter(made_in(batch, rtype)), None)
    return (None, None) if made and made.is_deleted else (made, batch)


def batch_asked(request: HttpRequest, actor: Actor) -> UUID | None:
    """The batch of the deed that this very form asks for, for those who do it once themselves; None without our key."""
    return _batch(request, actor, ())


def _batch(request: HttpRequest, actor: Actor, files: Iterable[str]) -> UUID | None:
    try:
        key, user = signing.loads(request.POST.get(KEY, ""), salt=SALT)
    except signing.BadSignature:
        return None
    if user != str(actor.user_id):
        return None
    said = [f"{name}={value}" for name in sorted(request.POST) for value in _said(request, name)]
    digest = hashlib.sha256("\0".join([key, *said, *files]).encode(errors="replace")).digest()
    return UUID(bytes=UUID(key).bytes[:8] + digest[:8])


def _said(request: HttpRequest, name: str) -> list[str]:
    return [] if name in BESIDES or name.endswith(".sent") else request.POST.getlist(name)
