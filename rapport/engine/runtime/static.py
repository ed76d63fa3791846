"""Serves collected static files: the choice is made here, the bytes are sent by the server without Python.

Names that carry a hash of their content are kept by browsers for a year. Text has a compressed twin, made once.
"""

import gzip
import mimetypes
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

PREFIX = "/static/"
HASHED = re.compile(r"\.[0-9a-f]{12}\.")
FOR_A_YEAR = b"public, max-age=31536000, immutable"
FOR_A_MINUTE = b"public, max-age=60"
COMPRESSED_TYPES = ("text/", "application/json", "application/javascript", "image/svg+xml")
# Below this a compressed answer saves no network packet.
SMALLEST = 1024
TWIN = ".gz"
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}


@dataclass(frozen=True)
class Asset:
    path: str
    headers: Headers


class StaticFiles:
    """An ASGI application in front of another: it answers what lies under /static/ and passes the rest on."""

    def __init__(self, application: Application, folder: Path) -> None:
        self._application = application
        self._plain: dict[str, Asset] = {}
        self._compressed: dict[str, Asset] = {}
        for file in sorted(folder.rglob("*")):
            if file.is_file() and not file.name.endswith(TWIN):
                self._add(file, PREFIX + file.relative_to(folder).as_posix())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._application(scope, receive, send)
        elif scope["method"] not in {"GET", "HEAD"}:
            await _say(send, 405, scope["method"])
        else:
            await self._answer(scope, send)

    async def _answer(self, scope: Scope, send: Send) -> None:
        path = scope["path"]
        takes_gzip = any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])
        asset = (self._compressed.get(path) if takes_gzip else None) or self._plain.get(path)
        if asset is None:
            await _say(send, 404, scope["method"])
            return
        await send({"type": "http.response.start", "status": 200, "headers": asset.headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
        else:
            await send({"type": "http.response.pathsend", "path": asset.path})

    def _add(self, file: Path, url: str) -> None:
        headers = _headers(file, url)
        twin = file.with_name(file.name + TWIN)
        if twin.exists():
            headers.append((b"vary", b"accept-encoding"))
            sized = (b"content-length", str(twin.stat().st_size).encode())
            self._compressed[url] = Asset(str(twin), [*headers, (b"content-encoding", b"gzip"), sized])
        length = (b"content-length", str(file.stat().st_size).encode())
        self._plain[url] = Asset(str(file), [*headers, length])


def compress(folder: Path) -> None:
    """Lay a compressed twin beside every text that gains from one."""
    for file in folder.rglob("*"):
        if file.is_file() and _type_of(file).startswith(COMPRESSED_TYPES) and file.stat().st_size >= SMALLEST:
            file.with_name(file.name + TWIN).write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))


def _headers(file: Path, url: str) -> Headers:
    kind = _type_of(file)
    charset = "; charset=utf-8" if kind.startswith(("text/", "application/json")) else ""
    return [
        (b"content-type", (kind + charset).encode()),
        (b"cache-control", FOR_A_YEAR if HASHED.search(url) else FOR_A_MINUTE),
        (b"x-content-type-options", b"nosniff"),
        (b"cross-origin-resource-policy", b"same-origin"),
    ]


def _type_of(file: Path) -> str:
    return TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


async def _say(send: Send, status: int, method: str) -> None:
    words = {404: b"There is no such file.", 405: b"Static files can only be read."}[status]
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(words)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else words})
