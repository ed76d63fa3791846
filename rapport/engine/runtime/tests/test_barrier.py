"""A process loads its code at once, and works only when the barrier opens; one that comes later walks through."""

import os
import select
import subprocess
import sys

from rapport.engine.runtime.barrier import VARIABLE, Barrier

WAITER = """
from rapport.engine.runtime import barrier
print("here", flush=True)
barrier.wait()
print("through", flush=True)
"""


def waiter(barrier: Barrier) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WAITER],
        env={**os.environ, VARIABLE: str(barrier.reader)},
        pass_fds=[barrier.reader],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_everybody_waits_until_it_opens_and_nobody_afterwards():
    barrier = Barrier()
    with waiter(barrier) as first, waiter(barrier) as second:
        assert [one.stdout.readline() for one in (first, second)] == ["here\n"] * 2
        assert select.select([first.stdout, second.stdout], [], [], 0.3)[0] == []
        barrier.open()
        assert [one.stdout.readline() for one in (first, second)] == ["through\n"] * 2
    with waiter(barrier) as late:
        assert late.stdout.read() == "here\nthrough\n"
    os.close(barrier.reader)
