"""The live stream of a signed-in user: server-sent events that say how many things the bell has to tell, and that
the record of the page (`/live?on=people/<id>`) should be looked at again.

One database connection listens for all streams of a process; each stream waits on an event of its own.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections, connection

from rapport.engine.accounts.middleware import owes_factor
from rapport.engine.accounts.models import User
from rapport.engine.accounts.notifications import CHANNEL, RECORDS, bell_state
from rapport.engine.events.ids import read_id
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import find_record_type

Message = MutableMapping[str, Any]
HEARTBEAT = 25.0  # seconds; shorter than the idle time-outs of the usual proxies
RECONNECT = 2.0  # seconds between tries to listen again
PER_USER = 12  # open pages of one user that are kept up to date; further ones are answered 429


@dataclass(eq=False)
class Stream:
    """One open page: the record that it shows, if any, and what it has yet to be told."""

    record: UUID | None = None
    bell_rang: bool = True
    record_changed: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def ring(self) -> None:
        self.bell_rang = True
        self.news.set()

    def show_again(self) -> None:
        self.record_changed = self.record is not None
        self.news.set()

    def take(self) -> frozenset[str]:
        """The events that are due, taken before what they say is read, so that none is lost meanwhile."""
        due = {"bell": self.bell_rang, "record": self.record_changed}
        self.bell_rang = self.record_changed = False
        self.news.clear()
        return frozenset(name for name, is_due in due.items() if is_due)

    def say(self, due: frozenset[str], state: dict[str, int]) -> bytes:
        """What the page has not been told yet, as events."""
        said = _event("bell", state) if "bell" in due else b""
        if "record" in due:
            said += _event("record", {"id": str(self.record)})
        return said or b": still here\n\n"


_waiting: dict[UUID, set[Stream]] = {}
_listener: asyncio.Task[None] | None = None


async def live(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Answer one stream until its page is closed."""
    user, record = await sync_to_async(_asked)(scope)
    if user is None:
        await _refuse(send, 401)
        return
    stream = Stream(record)
    streams = _waiting.setdefault(user.pk, set())
    if len(streams) >= PER_USER:
        await _refuse(send, 429)
        return
    streams.add(stream)
    _ensure_listening()
    gone = asyncio.create_task(_until_gone(receive))
    try:
        await _tell(scope, stream, gone, send)
    finally:
        gone.cancel()
        streams.discard(stream)
        if not streams:
            _waiting.pop(user.pk, None)


async def _tell(
    scope: Message, stream: Stream, gone: "asyncio.Task[None]", send: Callable[[Message], Awaitable[None]]
) -> None:
    """Say what there is to tell whenever that changes, for as long as the session lasts."""
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    while not gone.done():
        due = stream.take()
        state = await sync_to_async(_bell_of)(scope)
        if state is None:
            await send({"type": "http.response.body", "body": _event("signed-out", {}), "more_body": False})
            return
        await send({"type": "http.response.body", "body": stream.say(due, state), "more_body": True})
        waiting = asyncio.create_task(stream.news.wait())
        await asyncio.wait({waiting, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


async def _until_gone(receive: Callable[[], Awaitable[Message]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Callable[[Message], Awaitable[None]], status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def _ensure_listening() -> None:
    global _listener  # noqa: PLW0603  one listener for the process is the point
    if _listener is None or _listener.done():
        _listener = asyncio.create_task(_listen())


async def _listen() -> None:
    """Wake the streams of whoever has news; after a lost connection all of them, for news may have been missed."""
    parameters = connection.get_connection_params()
    wanted = {name: parameters[name] for name in ("host", "port", "dbname", "user", "password") if parameters.get(name)}
    while _waiting:
        try:
            async with await psycopg.AsyncConnection.connect(**wanted, autocommit=True) as listening:
                await listening.execute(f"LISTEN {CHANNEL}")
                await listening.execute(f"LISTEN {RECORDS}")
                _wake_all()
                async for notice in listening.notifies():
                    _wake(notice.channel, UUID(notice.payload))
        except psycopg.OperationalError:
            await asyncio.sleep(RECONNECT)


def _wake(channel: str, key: UUID) -> None:
    """The streams of a user, or those of all pages that show a record."""
    if channel == CHANNEL:
        for stream in _waiting.get(key, ()):
            stream.ring()
        return
    for stream in _streams():
        if stream.record == key:
            stream.show_again()


def _wake_all() -> None:
    for stream in _streams():
        stream.ring()
        stream.show_again()


def _streams() -> Iterator[Stream]:
    for streams in _waiting.values():
        yield from streams


def _asked(scope: Message) -> tuple[User | None, UUID | None]:
    """Who asks, and the record that their page shows, if they may see it."""
    user = _user_of(scope)
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("on", [""])[0]
    slug, _slash, key = asked.partition("/")
    record, rtype = read_id(key), find_record_type(slug)
    if user is None or record is None or rtype is None:
        return user, None
    return user, record if visible(user.actor, rtype).filter(pk=record).exists() else None


def _user_of(scope: Message) -> User | None:
    """The user of the session cookie, checked as Django checks it for a page."""
    header = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
    morsel = SimpleCookie(header.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
    if morsel is None:
        return None
    close_old_connections()
    store = import_module(settings.SESSION_ENGINE).SessionStore(morsel.value)
    user = get_user(SimpleNamespace(session=store))  # type: ignore[arg-type]  # it reads nothing but the session
    return user if isinstance(user, User) and user.is_active and not owes_factor(user) else None


def _bell_of(scope: Message) -> dict[str, int] | None:
    """What the bell has to tell; None once the session has ended."""
    user = _user_of(scope)
    return bell_state(user) if user else None
