"""Lets a process load its code while what it needs is still being made ready: it waits here, right before its work."""

import os

VARIABLE = "RAPPORT_BARRIER"


class Barrier:
    """A pipe that says nothing: it opens by being closed, for everybody who waits and who comes later."""

    def __init__(self) -> None:
        self.reader, self._writer = os.pipe()

    def open(self) -> None:
        os.close(self._writer)


def wait() -> None:
    """Wait at the barrier whose number stands in the environment, if there is one."""
    descriptor = os.environ.pop(VARIABLE, None)
    if descriptor is not None:
        os.read(int(descriptor), 1)
        os.close(int(descriptor))
