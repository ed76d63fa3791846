"""What the web process still does before it ends: it writes down what it holds in memory and somebody will want."""

from collections.abc import Callable

_last: list[Callable[[], object]] = []


def before_the_end(deed: Callable[[], object]) -> None:
    """Have something done before the web process ends. It must be quick, and answer for its own errors."""
    _last.append(deed)


def end_well() -> None:
    """Do all of it."""
    for deed in _last:
        deed()
