"""The versions that have landed: what each wrote down of itself in landed.json, beside a backup of a home it filled."""

import hashlib
import json
import lzma
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LIST = HERE / "landed.json"

Migrations = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Landed:
    """A version by its day. `migrations`: by app and name, a digest of each file. `facts`: what its home must tell."""

    name: str
    migrations: Migrations
    facts: dict[str, Any]

    @property
    def packed(self) -> Path:
        return HERE / f"{self.name}.rapport.xz"

    def pack(self, backup: Path) -> None:
        self.packed.write_bytes(lzma.compress(backup.read_bytes(), preset=9))

    def unpack(self, backup: Path) -> None:
        backup.write_bytes(lzma.decompress(self.packed.read_bytes()))

    @property
    def leaves(self) -> dict[str, str]:
        """The last migration of each app."""
        return {app: max(names) for app, names in self.migrations.items()}

    @property
    def is_older(self) -> bool:
        """Whether this version has migrations that it did not know."""
        return self.leaves != Landed("", migrations_of(ROOT), {}).leaves


def landed() -> list[Landed]:
    """All of them, the first one first."""
    return [Landed(**one) for one in json.loads(LIST.read_text())] if LIST.exists() else []


def previous() -> Landed:
    """The newest version from which there is something to carry over; while there is nothing, the newest."""
    known = landed()
    return next((one for one in reversed(known) if one.is_older), known[-1])


def note(one: Landed) -> None:
    kept = [asdict(other) for other in landed() if other.name != one.name]
    LIST.write_text(json.dumps([*kept, asdict(one)], indent=1) + "\n")


def migrations_of(root: Path) -> Migrations:
    """Every migration of every room below a repository's root, with a digest of its text."""
    found: Migrations = {}
    for file in sorted(root.glob("rapport/**/migrations/[0-9]*.py")):
        room = file.parent.parent.name
        found.setdefault(room, {})[file.stem] = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    return found
