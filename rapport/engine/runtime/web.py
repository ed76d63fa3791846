"""The web process: one granian server around the ASGI application, static files in front of it."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from rapport.engine.runtime import barrier
from rapport.engine.runtime.ending import end_well
from rapport.engine.runtime.home import Home
from rapport.engine.runtime.loading import load
from rapport.engine.runtime.patience import limit_statements
from rapport.engine.runtime.static import StaticFiles

# Every open live stream counts as one; beyond this, new visitors wait.
CONNECTIONS = 2048
APPLICATION = "rapport.config.asgi:application"
# Live streams never end by themselves; ordinary answers have this long to finish.
LAST_ANSWERS = 1.5


def serve(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="rapport web", description="Serve the site until told to stop.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    chosen = parser.parse_args(arguments)
    limit_statements()
    asyncio.run(_serve(chosen.host, chosen.port))
    end_well()
    # Threads of requests that never end would hold the interpreter back.
    logging.shutdown()
    os._exit(0)


async def _serve(host: str, port: int) -> None:
    from granian.constants import HTTPModes, Interfaces
    from granian.server.embed import Server

    server: Any = Server(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        log_enabled=False,
    )
    application = _load(APPLICATION)
    barrier.wait()
    server.target = StaticFiles(application, Home.from_env().path / "static")
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    serving = loop.create_task(server.serve())
    asked = loop.create_task(stopping.wait())
    await asyncio.wait({serving, asked}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        serving.result()
        raise RuntimeError("The web server ended without being asked to.")
    server.stop()
    await asyncio.wait({serving}, timeout=LAST_ANSWERS)


def _load(target: str) -> Any:
    """The application, with every page that it has: the first visitor should not wait for them to be read."""
    module, _, name = target.partition(":")
    load(module, settings.ROOT_URLCONF)
    return getattr(sys.modules[module], name)
