"""One connection that LISTENs for all loops and wakes them; it comes back by itself when the database does."""

import logging
import threading

import psycopg
from django.db import connections
from psycopg import sql

from rapport.engine.jobs.loops import LOOPS, wake_loops
from rapport.engine.jobs.stopping import is_stopping, pause

logger = logging.getLogger(__name__)

LOOK_UP = 1.0  # seconds after which a quiet listener looks whether it should stop
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0


def start_listening() -> threading.Thread:
    thread = threading.Thread(target=_listen, name="listener", daemon=True)
    thread.start()
    return thread


def _listen() -> None:
    channels = sorted({loop.channel for loop in LOOPS.values() if loop.channel})
    wait = FIRST_PAUSE
    while channels and not is_stopping():
        try:
            with psycopg.connect(**connections["default"].get_connection_params(), autocommit=True) as connection:
                for channel in channels:
                    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                wait = FIRST_PAUSE
                # What was said while nobody listened is lost, so everybody looks for himself once.
                wake_loops()
                _pass_on(connection)
        except psycopg.OperationalError as error:
            logger.warning("Listening again in %s s: %s", wait, error)
            pause(wait)
            wait = min(wait * 2, LONGEST_PAUSE)


def _pass_on(connection: "psycopg.Connection[object]") -> None:
    while not is_stopping():
        for notice in connection.notifies(timeout=LOOK_UP):
            wake_loops(notice.channel)
            if is_stopping():
                return
        # A dead server says nothing, exactly as a quiet one does.
        connection.execute("SELECT 1")
