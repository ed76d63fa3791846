"""The one entrance: live streams are answered here, everything else by Django in a pool of threads."""

import os
import string
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings")
wsgi_application = get_wsgi_application()

from rapport.engine.accounts.live import live  # noqa: E402  needs the apps that the line above loads

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PRINTABLE = string.punctuation
THREADS = int(os.environ.get("RAPPORT_THREADS", "4"))
pages = WSGIMiddleware(wsgi_application, workers=THREADS)  # type: ignore[arg-type]  # its response is iterable


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one connection."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/live":
        await live(scope, receive, send)
    else:
        await pages(_ascii(scope), _coroutine(receive), send)  # type: ignore[arg-type]  # a2wsgi narrows scopes to its own mappings


def _ascii(scope: Scope) -> Scope:
    """Letters that a client sent unencoded in the query, encoded as a browser would have done it."""
    query: bytes = scope["query_string"]
    return scope if query.isascii() else {**scope, "query_string": quote(query, safe=PRINTABLE).encode()}


def _coroutine(receive: Receive) -> Receive:
    """The server hands out futures; a2wsgi hands what it gets to another thread, which takes coroutines only."""

    async def received() -> MutableMapping[str, Any]:
        return await receive()

    return received


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
