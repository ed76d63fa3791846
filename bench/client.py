"""A small HTTP/1.1 client and the crowd that uses it. It costs about 0.1 ms a request."""

import random
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

RECEIVE = 1 << 18


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """One kept connection to 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> Answer:
        """Send a request and read its answer to the last byte. Raises OSError when the connection breaks."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._socket.sendall(request)
            return self._read(self._socket)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _read(self, line: socket.socket) -> Answer:
        data = bytearray()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += received(line)
        first, *rest = data[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in rest)}
        status = int(first.split(" ", 2)[1])
        body = data[end + 4 :]
        if headers.get("transfer-encoding") == "chunked":
            raise ConnectionError("a chunked answer, which this client does not read")
        length = 0 if status in (204, 304) else int(headers.get("content-length", 0))
        while len(body) < length:
            body += received(line)
        return Answer(status, headers, bytes(body))


def received(line: socket.socket) -> bytes:
    data = line.recv(RECEIVE)
    if not data:
        raise ConnectionError("the server closed the connection")
    return data


@dataclass
class Tally:
    """Latencies in milliseconds of what was answered well, and what was not."""

    latencies: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def fault(self, words: str) -> None:
        self.errors[words] = self.errors.get(words, 0) + 1


@dataclass(frozen=True)
class Bounds:
    """When a crowd stops: after so many requests or seconds, whichever is first."""

    requests: int
    seconds: float


def crowd(
    port: int, make: Callable[[random.Random], bytes], expected: Sequence[int], *, clients: int, bounds: Bounds
) -> Tally:
    """So many clients that never pause, each with a connection of its own."""
    tally, lock = Tally(), threading.Lock()
    begin = threading.Barrier(clients + 1)
    left = iter(range(bounds.requests))
    deadline = time.monotonic() + bounds.seconds + 0.1

    def client(number: int) -> None:
        chance, connection = random.Random(time.time_ns() + number), Connection(port)
        begin.wait()
        while time.monotonic() < deadline:
            with lock:
                if next(left, None) is None:
                    break
            request = make(chance)
            began = time.perf_counter()
            try:
                status = connection.ask(request).status
            except OSError as failure:
                with lock:
                    tally.fault(type(failure).__name__)
                continue
            taken = (time.perf_counter() - began) * 1000
            with lock:
                if status in expected:
                    tally.latencies.append(taken)
                else:
                    tally.fault(f"status {status}")
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    begin.wait()
    started = time.monotonic()
    for thread in threads:
        thread.join()
    tally.seconds = time.monotonic() - started
    return tally
