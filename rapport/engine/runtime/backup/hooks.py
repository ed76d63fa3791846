"""What else must hold after a restore, said by rooms above. Runtime itself only dumps and loads."""

from collections.abc import Callable

Hook = Callable[[], str]
_hooks: list[Hook] = []


def after_restore(hook: Hook) -> Hook:
    """Call `hook` after every restore, on the new database. It hands back a sentence or raises BackupFault."""
    _hooks.append(hook)
    return hook


def run_hooks() -> list[str]:
    return [hook() for hook in _hooks]
