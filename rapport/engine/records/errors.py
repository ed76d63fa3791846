"""What can be wrong with a record, in words that name the field, the value and the mend."""

from dataclasses import dataclass
from typing import Any


class Invalid(ValueError):
    """A value that a field cannot take. The message is a sentence for the person who typed it."""


class ValidationFailed(Exception):
    """One or more fields refused their values; nothing was written."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True)
class FieldConflict:
    """A field that two people changed at once: what stands there now, and what was to be written."""

    slug: str
    theirs: Any
    yours: Any


class EditConflict(Exception):
    """Someone changed the same fields since the version that this edit was based on; nothing was written."""

    def __init__(self, conflicts: list[FieldConflict], version: int) -> None:
        super().__init__(", ".join(conflict.slug for conflict in conflicts))
        self.conflicts = conflicts
        self.version = version


class Clashes(Exception):
    """Records that look like the one to be created: open one, restore one, or create anyway."""

    def __init__(self, clashes: "list[Clash]") -> None:
        super().__init__(", ".join(clash.title for clash in clashes))
        self.clashes = clashes


@dataclass(frozen=True)
class Clash:
    """A record that shares an identifier with a new one."""

    record: Any
    title: str
    reason: str
    is_deleted: bool
