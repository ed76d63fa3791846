"""A real web server with a page for every kind of trouble."""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE = 20.0


class Site:
    """What was asked of the server, what it answers to POST, and whether somebody hung up on it."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.answers: list[int | str] = []
        self.cut = threading.Event()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running_site(tls: Any = None) -> Iterator[Site]:
    site = Site()

    class Handler(Pages):
        told = site

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Pages(BaseHTTPRequestHandler):
    """`/hello`, `/to?url` redirects, `/drip` never ends, `/bomb` unpacks to much, and so on."""

    told: Site

    def do_GET(self) -> None:
        self._note()
        page, _mark, query = self.path.partition("?")
        getattr(self, f"page_{page.strip('/') or 'hello'}")(query)

    def do_POST(self) -> None:
        self._note()
        answer = self.told.answers.pop(0) if self.told.answers else 200
        if answer == "drop":
            self.connection.close()
        elif answer == "hang":
            self._wait_for_the_end()
        elif answer == 429:
            self._send(429, b"slow down", {"Retry-After": "7200"})
        elif answer == 302:
            self._send(302, b"", {"Location": f"{self.told.url}/hello"})
        else:
            self._send(int(answer), b"noted")

    def page_hello(self, _query: str) -> None:
        self._send(200, b"hello")

    def page_to(self, query: str) -> None:
        self._send(302, b"", {"Location": query})

    def page_loop(self, _query: str) -> None:
        self._send(302, b"", {"Location": f"/loop?{time.time_ns()}"})

    def page_large(self, _query: str) -> None:
        self._send(200, b"x" * 2_000_000)

    def page_endless(self, _query: str) -> None:
        self.send_response(200)
        self.end_headers()
        self._go_on(b"x" * 65536, pause=0, most=1_000)

    def page_drip(self, _query: str) -> None:
        self.send_response(200)
        self.end_headers()
        self._go_on(b"x")

    def page_headers(self, _query: str) -> None:
        """Headers that trickle in, each within any usual time-out."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self._go_on(b"X-More: 1\r\n")

    def page_silent(self, _query: str) -> None:
        self._wait_for_the_end()

    def page_bomb(self, _query: str) -> None:
        self._send(200, gzip.compress(b"\x00" * 50_000_000), {"Content-Encoding": "gzip"})

    def page_ratio(self, _query: str) -> None:
        self._send(200, gzip.compress(b"\x00" * 5_000_000), {"Content-Encoding": "gzip"})

    def page_packed(self, _query: str) -> None:
        self._send(200, gzip.compress(b"hello" * 1000), {"Content-Encoding": "gzip"})

    def page_brotli(self, _query: str) -> None:
        self._send(200, b"\x8b\x02\x80hello\x03", {"Content-Encoding": "br"})

    def page_garbage(self, _query: str) -> None:
        self._send(200, b"no gzip at all", {"Content-Encoding": "gzip"})

    def page_nonsense(self, _query: str) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
        self.close_connection = True

    def log_message(self, *_args: Any) -> None:
        """Tests speak for themselves."""

    def _go_on(self, piece: bytes, *, pause: float = 0.05, most: int = int(PATIENCE / 0.05)) -> None:
        """Say the same again and again, until somebody hangs up or has been patient for too long."""
        self.close_connection = True
        try:
            for _time in range(most):
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            self.told.cut.set()

    def _wait_for_the_end(self) -> None:
        """Say nothing until somebody hangs up."""
        self.close_connection = True
        self.connection.settimeout(PATIENCE)
        try:
            self.connection.recv(1)
        except TimeoutError:
            return
        except OSError:
            pass
        self.told.cut.set()

    def _note(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        entry = {"method": self.command, "path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}}
        self.told.requests.append({**entry, "body": json.loads(body) if body else None})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True
