"""Background loops of the worker: small work that comes all the time, woken by NOTIFY and by the clock.

    add_loop("journal reactions", run_reactions, channel="journal", seconds=5)

Each loop runs in a thread of its own with a connection of its own. Its function does one slice and returns
something true while there is more; then it is called again at once. What it raises is kept where people see it.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import DatabaseError, close_old_connections, connection, models, transaction
from django.utils import timezone

from rapport.engine.jobs.database import is_lost_connection
from rapport.engine.jobs.models import LoopTrouble
from rapport.engine.jobs.stopping import GivenBack, is_stopping

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
# A connection costs the server some megabytes; one that sleeps longer than this is given back.
KEEP_CONNECTION = 15


@dataclass
class Loop:
    """A function that runs again and again; `wake` is set when there is news on its channel."""

    name: str
    function: Callable[[], object]
    channel: str | None
    seconds: float
    wake: threading.Event = field(default_factory=threading.Event)


LOOPS: dict[str, Loop] = {}


def add_loop(name: str, function: Callable[[], object], *, channel: str | None = None, seconds: float) -> None:
    """Register a loop: woken by NOTIFY on `channel`, and after `seconds` at the latest."""
    if name in LOOPS and LOOPS[name].function is not function:
        raise ValueError(f"There are two loops named {name!r}.")
    LOOPS[name] = Loop(name, function, channel, seconds)


def start_loops() -> list[threading.Thread]:
    threads = [threading.Thread(target=_go, args=[loop], name=loop.name, daemon=True) for loop in LOOPS.values()]
    for thread in threads:
        thread.start()
    return threads


def wake_loops(channel: str | None = None) -> None:
    """Wake the loops of a channel; without one, all of them."""
    for loop in LOOPS.values():
        if channel is None or loop.channel == channel:
            loop.wake.set()


def _go(loop: Loop) -> None:
    pause = 0.0
    while not is_stopping():
        loop.wake.clear()
        pause = _run(loop, pause)
        loop.wake.wait(pause or loop.seconds)
    connection.close()


def _run(loop: Loop, last_pause: float) -> float:
    """Run a loop's function until it has nothing more to do. Returns the pause that trouble asks for, 0 if none."""
    try:
        close_old_connections()
        while loop.function() and not is_stopping():
            pass
        if last_pause:
            LoopTrouble.objects.filter(name=loop.name).delete()
    except GivenBack:
        return 0.0
    except Exception as error:
        if is_lost_connection(error):
            # Nobody could read a note either; a fresh connection finds the database again after the pause.
            logger.warning("The loop %s lost the database: %s", loop.name, error)
            connection.close()
        else:
            logger.exception("The loop %s failed", loop.name)
            _note_trouble(loop, error)
        return min(max(last_pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
    if loop.seconds > KEEP_CONNECTION:
        connection.close()
    return 0.0


def _note_trouble(loop: Loop, error: Exception) -> None:
    now = timezone.now()
    seen = {"last_at": now, "error": str(error).strip() or type(error).__name__}
    try:
        with transaction.atomic():
            if not LoopTrouble.objects.filter(name=loop.name).update(times=models.F("times") + 1, **seen):
                LoopTrouble.objects.create(name=loop.name, since=now, **seen)
    except DatabaseError as trouble:
        logger.warning("The trouble of loop %s could not be noted: %s", loop.name, trouble)
        connection.close()
