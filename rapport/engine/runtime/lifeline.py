"""Ends a child process when its supervisor is gone, even after kill -9: the other end of a pipe closes by itself."""

import os
import signal
import threading
import time

VARIABLE = "RAPPORT_LIFELINE"
GRACE = 5.0


def hold_on() -> None:
    """Watch the pipe whose number stands in the environment, if there is one."""
    descriptor = os.environ.pop(VARIABLE, None)
    if descriptor is not None:
        os.set_inheritable(int(descriptor), False)
        threading.Thread(target=_watch, args=(int(descriptor),), name="lifeline", daemon=True).start()


def _watch(descriptor: int) -> None:
    os.read(descriptor, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)
