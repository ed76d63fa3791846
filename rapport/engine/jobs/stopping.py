"""One switch for the whole process: the worker was asked to stop, and work in slices hears of it."""

import threading

_stop = threading.Event()


class GivenBack(BaseException):
    """The worker stops: the job returns to the queue and goes on later from its last finished slice.

    Like Cancelled no Exception, so that a slice that answers its own errors does not swallow it.
    """


class Cancelled(BaseException):
    """A person cancelled the job."""


class Superseded(BaseException):
    """The worker was taken for dead and the job given to another one: this run must not touch anything more."""


def ask_to_stop() -> None:
    _stop.set()


def is_stopping() -> bool:
    return _stop.is_set()


def pause(seconds: float) -> bool:
    """Wait, but no longer than until the stop. Returns whether it has come."""
    return _stop.wait(seconds)
