"""Connections that lead to a checked address and end at a deadline, whatever the other side does."""

import ssl
import time
from collections.abc import Iterable, Iterator

import httpcore
import httpx
from httpcore import SOCKET_OPTION, NetworkStream

from rapport.engine.outbox.guard.targets import Allowed, Resolver, check_url, resolve_safely

CONNECT_PATIENCE = 5.0
READ_PATIENCE = 15.0


class Connections(httpcore.NetworkBackend):
    """Opens sockets for one request and its redirects. The address checked is the one connected to."""

    def __init__(self, *, allowed: Allowed, deadline: float, resolver: Resolver | None = None) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._resolver = resolver
        self._plain = httpcore.SyncBackend()
        self.wrote = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        addresses = resolve_safely(host, port, allowed=self._allowed, resolver=self._resolver)
        for address in addresses[:-1]:
            try:
                return self._connect(address, port)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(addresses[-1], port)

    def remaining(self, wanted: float | None) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("deadline")
        return left if wanted is None else min(wanted, left)

    def _connect(self, address: str, port: int) -> NetworkStream:
        stream = self._plain.connect_tcp(address, port, timeout=self.remaining(CONNECT_PATIENCE))
        return _Timed(stream, self)


class _Timed(NetworkStream):
    """A stream none of whose operations outlasts the request's deadline; it notes when something was sent."""

    def __init__(self, stream: NetworkStream, connections: Connections) -> None:
        self._stream = stream
        self._connections = connections

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._connections.remaining(READ_PATIENCE))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._connections.wrote = True
        self._stream.write(buffer, self._connections.remaining(READ_PATIENCE))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        patience = self._connections.remaining(CONNECT_PATIENCE)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, patience), self._connections)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class Transport(httpx.BaseTransport):
    """httpx over these connections; every request, redirects included, is checked here again."""

    def __init__(self, connections: Connections, *, allowed: Allowed, tls: ssl.SSLContext) -> None:
        self._allowed = allowed
        self._pool = httpcore.ConnectionPool(ssl_context=tls, max_connections=1, network_backend=connections)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        check_url(request.url, self._allowed)
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.read(),
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), request=request)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    """The body as it comes, closed with the answer."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
