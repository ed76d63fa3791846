"""The live stream of a signed-in user: server-sent events that say how many things the bell has to tell.

One database connection listens for all streams of a process; each stream waits on an event of its own.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import SimpleCookie
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections, connection

from rapport.engine.accounts.middleware import owes_factor
from rapport.engine.accounts.models import User
from rapport.engine.accounts.notifications import CHANNEL, bell_state

Message = MutableMapping[str, Any]
HEARTBEAT = 25.0  # seconds; shorter than the idle time-outs of the usual proxies
RECONNECT = 2.0  # seconds between tries to listen again
PER_USER = 12  # open pages of one user that are kept up to date; further ones are answered 429

_waiting: dict[UUID, set[asyncio.Event]] = {}
_listener: asyncio.Task[None] | None = None


async def live(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Answer one stream until its page is closed."""
    user = await sync_to_async(_user_of)(scope)
    if user is None:
        await _refuse(send, 401)
        return
    news = asyncio.Event()
    streams = _waiting.setdefault(user.pk, set())
    if len(streams) >= PER_USER:
        await _refuse(send, 429)
        return
    streams.add(news)
    _ensure_listening()
    gone = asyncio.create_task(_until_gone(receive))
    try:
        await _stream(scope, news, gone, send)
    finally:
        gone.cancel()
        streams.discard(news)
        if not streams:
            _waiting.pop(user.pk, None)


async def _stream(
    scope: Message, news: asyncio.Event, gone: "asyncio.Task[None]", send: Callable[[Message], Awaitable[None]]
) -> None:
    """Say what the bell has to tell whenever that changes, for as long as the session lasts."""
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    news.set()
    while not gone.done():
        state = await sync_to_async(_bell_of)(scope)
        if state is None:
            await send({"type": "http.response.body", "body": b"event: signed-out\ndata: {}\n\n", "more_body": False})
            return
        body = f"event: bell\ndata: {json.dumps(state)}\n\n".encode() if news.is_set() else b": still here\n\n"
        news.clear()
        await send({"type": "http.response.body", "body": body, "more_body": True})
        waiting = asyncio.create_task(news.wait())
        await asyncio.wait({waiting, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()


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
                _wake_all()
                async for notice in listening.notifies():
                    for event in _waiting.get(UUID(notice.payload), ()):
                        event.set()
        except psycopg.OperationalError:
            await asyncio.sleep(RECONNECT)


def _wake_all() -> None:
    for events in _waiting.values():
        for event in events:
            event.set()


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
