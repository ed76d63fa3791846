"""Is a process alive, and is it the program we think? A number in an old file may be anybody's by now."""

import os
import subprocess
from pathlib import Path


def is_alive(pid: int, program: str) -> bool:
    """Whether `pid` runs `program` and has not ended. A zombie has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        # Somebody else's, hence alive; whose program it is, is asked below.
        pass
    state, name = _state_and_name(pid)
    return state not in {"Z", "X", ""} and program in name


def _state_and_name(pid: int) -> tuple[str, str]:
    if Path("/proc/self/stat").exists():
        try:
            line = Path(f"/proc/{pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return "", ""
        name, _, rest = line.partition("(")[2].rpartition(")")
        return rest.split()[0], name
    told = subprocess.run(["ps", "-o", "state=,comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, name = told.stdout.strip().partition(" ")
    return state[:1], name
