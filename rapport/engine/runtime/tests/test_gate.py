"""A process loads its code at once, and works only when the gate opens; one that comes later walks through."""

import os
import select
import subprocess
import sys

from rapport.engine.runtime.gate import VARIABLE, Gate

WAITER = """
from rapport.engine.runtime import gate
print("here", flush=True)
gate.wait()
print("through", flush=True)
"""


def waiter(gate: Gate) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WAITER],
        env={**os.environ, VARIABLE: str(gate.reader)},
        pass_fds=[gate.reader],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_everybody_waits_until_it_opens_and_nobody_afterwards():
    gate = Gate()
    with waiter(gate) as first, waiter(gate) as second:
        assert [one.stdout.readline() for one in (first, second)] == ["here\n"] * 2
        assert select.select([first.stdout, second.stdout], [], [], 0.3)[0] == []
        gate.open()
        assert [one.stdout.readline() for one in (first, second)] == ["through\n"] * 2
    with waiter(gate) as late:
        assert late.stdout.read() == "here\nthrough\n"
    os.close(gate.reader)
