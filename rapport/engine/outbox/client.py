"""The one HTTP client for everything that goes out: guarded, patient for a while only, and never flooded.

answer = fetch("GET", "https://example.com/logo.png", limits=Limits(size=1_000_000))
"""

import ssl
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import httpcore
import httpx
from django.utils.translation import gettext as _

from rapport.engine.outbox.guard import Allowed, Refused
from rapport.engine.outbox.guard.connections import Connections, Transport
from rapport.engine.outbox.guard.targets import Resolver

__all__ = ["Answer", "BadAnswer", "FetchError", "Limits", "Refused", "TooLarge", "TooSlow", "Unreachable", "fetch"]

USER_AGENT = "Rapport"
FOLLOWED = frozenset({"GET", "HEAD"})
# What a foreign host may know of a request that was meant for another one.
HARMLESS = frozenset({"accept", "accept-encoding", "accept-language", "user-agent", "host"})
SMALL = 1024 * 1024  # unpacked to no more than this, any ratio is fine


class FetchError(Exception):
    """The request did not succeed; the message is for people. `may_have_arrived`: it may have taken effect."""

    def __init__(self, words: str, *, may_have_arrived: bool = False) -> None:
        super().__init__(words)
        self.may_have_arrived = may_have_arrived


class Unreachable(FetchError):
    """No connection, or one that broke."""


class TooSlow(FetchError):
    """No answer in time."""


class TooLarge(FetchError):
    """The answer is larger than allowed, packed or unpacked."""


class BadAnswer(FetchError):
    """The answer is no HTTP, or packed in a way that was not asked for."""


@dataclass(frozen=True)
class Limits:
    """Bounds of a request with all its redirects. `size` in bytes after unpacking, `ratio` of unpacking."""

    seconds: float = 20.0
    size: int = 10 * 1024 * 1024
    ratio: int = 100
    redirects: int = 5


USUAL = Limits()


@dataclass(frozen=True)
class Answer:
    """What came back. `url` is where the redirects ended."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes


def fetch(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    limits: Limits = USUAL,
    resolver: Resolver | None = None,
) -> Answer:
    """Call a URL. Raises Refused when the guard says no, otherwise FetchError.

    Redirects are followed for GET and HEAD only; the answer to anything else is returned as it is.
    """
    allowed = Allowed.from_env()
    connections = Connections(allowed=allowed, deadline=time.monotonic() + limits.seconds, resolver=resolver)
    try:
        with httpx.Client(transport=Transport(connections, allowed=allowed, tls=_tls()), trust_env=False) as client:
            sent = {"Accept-Encoding": "gzip", "User-Agent": USER_AGENT, **(headers or {})}
            return _follow(client, client.build_request(method, url, headers=sent, content=body), limits)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.UnsupportedProtocol) as error:
        raise Refused(_("%(url)s is not an address that can be called.") % {"url": url}) from error
    except httpcore.TimeoutException as error:
        raise TooSlow(
            _("%(url)s did not answer in time.") % {"url": url}, may_have_arrived=connections.wrote
        ) from error
    except (httpcore.NetworkError, ssl.SSLError, OSError) as error:
        words = _("%(url)s cannot be reached: %(error)s") % {"url": url, "error": error}
        raise Unreachable(words, may_have_arrived=connections.wrote) from error
    except (httpcore.ProtocolError, httpx.RemoteProtocolError) as error:
        words = _("%(url)s answered with something that is no HTTP: %(error)s") % {"url": url, "error": error}
        raise BadAnswer(words, may_have_arrived=connections.wrote) from error


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _follow(client: httpx.Client, request: httpx.Request, limits: Limits) -> Answer:
    for _hop in range(limits.redirects + 1):
        answer = client.send(request, stream=True, follow_redirects=False)
        try:
            if answer.next_request is None or request.method not in FOLLOWED:
                body = b"".join(_unpacked(answer, limits))
                return Answer(answer.status_code, str(request.url), dict(answer.headers), body)
        finally:
            answer.close()
        request = _redirected(request, answer.next_request)
    raise Refused(_("%(url)s redirects too often.") % {"url": request.url})


def _redirected(request: httpx.Request, follow: httpx.Request) -> httpx.Request:
    before, after = request.url, follow.url
    if before.scheme == "https" and after.scheme == "http":
        raise Refused(_("%(url)s redirects to an address without encryption.") % {"url": before})
    if (before.scheme, before.host, before.port) != (after.scheme, after.host, after.port):
        for name in [name for name in follow.headers if name not in HARMLESS]:
            del follow.headers[name]
    return follow


def _unpacked(answer: httpx.Response, limits: Limits) -> Iterator[bytes]:
    """The body in pieces, unpacked within the limits."""
    too_large = TooLarge(
        _("The answer of %(url)s is larger than allowed.") % {"url": answer.request.url}, may_have_arrived=True
    )
    encoding = answer.headers.get("content-encoding", "identity").lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        words = _("%(url)s packs its answer as %(encoding)s, which was not asked for.")
        raise BadAnswer(words % {"url": answer.request.url, "encoding": encoding}, may_have_arrived=True)
    if int(answer.headers.get("content-length", "0") or 0) > limits.size:
        raise too_large
    unpack = zlib.decompressobj(wbits=31) if encoding != "identity" else None
    taken = given = 0
    for packed in answer.iter_raw():
        taken += len(packed)
        try:
            piece = unpack.decompress(packed, limits.size - given + 1) if unpack else packed
        except zlib.error as error:
            words = _("The answer of %(url)s is packed wrongly.") % {"url": answer.request.url}
            raise BadAnswer(words, may_have_arrived=True) from error
        given += len(piece)
        if given > limits.size or (given > SMALL and given > taken * limits.ratio):
            raise too_large
        yield piece
