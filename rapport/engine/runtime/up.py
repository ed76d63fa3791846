"""`rapport up`: checks what can be checked at once, then hands over to the supervisor."""

import argparse
import errno
import os
import socket
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

from rapport.engine.runtime.home import LOOPBACK_NAMES, Home
from rapport.engine.runtime.lock import Lock
from rapport.engine.runtime.site import DEFAULT_PORT, Site, note_site, running_site
from rapport.engine.runtime.supervisor import Supervisor

LOOPBACK_HOSTS = frozenset({*LOOPBACK_NAMES, "::1"})


def up(arguments: Sequence[str]) -> int:
    """Run until stopped. 0 after a clean stop, 1 with a sentence when it cannot start."""
    chosen = parse(arguments)
    home = Home.from_env()
    home.make()
    os.environ["RAPPORT_HOME"] = str(home.path)
    lock = Lock(home.run / "up")
    if not lock.take():
        site = running_site(home)
        return refuse(
            f"Rapport already runs on this data: {site.url} (process {site.pid}). Data folder: {home.path}\n"
            f"Use it there, or stop it with Ctrl-C or: kill {site.pid}"
        )
    fault = fault_of(chosen.url, chosen.host) or port_fault(chosen.host, chosen.port)
    if fault:
        return refuse(fault)
    url = (chosen.url or f"http://127.0.0.1:{chosen.port}").rstrip("/")
    site = Site(url=url, port=chosen.port, pid=os.getpid())
    note_site(home, site)
    return Supervisor(home, site, host=chosen.host, empty=chosen.empty).run()


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/up", description="Start Rapport. Ctrl-C stops it.")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="where the site listens (default: %(default)s)")
    parser.add_argument("--url", help="the address people use, when a TLS front stands before it: https://…")
    parser.add_argument("--host", default="127.0.0.1", help="listen beyond this machine; only with an https --url")
    parser.add_argument("--empty", action="store_true", help="no sample company at the first start")
    return parser.parse_args(arguments)


def fault_of(url: str | None, host: str) -> str:
    """What is wrong with the addresses, in a sentence; empty when nothing is. Sign-in over plain http stays at home."""
    parts = urlsplit(url or "http://127.0.0.1")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        return f"The address {url!r} must read https://host or http://127.0.0.1, without a path."
    is_https = parts.scheme == "https"
    if not is_https and parts.hostname not in LOOPBACK_HOSTS:
        return (
            f"Over plain http only this machine is served, not {parts.hostname}. "
            f"Put a TLS front before it and give its address: --url https://{parts.hostname}"
        )
    if host not in LOOPBACK_HOSTS and not is_https:
        return f"Listening on {host} needs the address of its TLS front: --url https://…"
    return ""


def port_fault(host: str, port: int) -> str:
    if not 0 < port < 65536:
        return f"There is no port {port}; ports go from 1 to 65535."
    try:
        probe(host, port)
    except OSError as failure:
        if failure.errno == errno.EADDRINUSE:
            return f"Port {port} is taken by another program. Choose another, for example: --port {free_after(port)}"
        return f"Cannot listen on {host}, port {port}: {os.strerror(failure.errno or 0)}."
    return ""


def free_after(port: int) -> int:
    for candidate in range(port + 1, min(port + 100, 65535)):
        try:
            probe("127.0.0.1", candidate)
        except OSError:
            continue
        return candidate
    return port + 1


def probe(host: str, port: int) -> None:
    """Raises OSError when nobody could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        # As the server will: the remains of closed connections do not count.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()


def refuse(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
