"""The files that the rules look at: every file of the repository that is not ignored by git, read once."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
TEXT_SUFFIXES = {".py", ".html", ".txt", ".css", ".js", ".mjs", ".json", ".md", ".toml", ".in", ".yml", ".yaml", ".svg"}


@dataclass(frozen=True)
class Source:
    """One file: its path from the repository's root, with slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.path)

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path).suffix

    @property
    def parts(self) -> tuple[str, ...]:
        return PurePosixPath(self.path).parts

    @property
    def room(self) -> str:
        """The room the file lies in ("customers", "records"), or "" outside of rooms."""
        if len(self.parts) > 3 and self.parts[:2] == ("rapport", "engine"):
            return self.parts[2]
        if len(self.parts) > 2 and self.parts[0] == "rapport":
            return self.parts[1]
        return ""

    @property
    def inside_room(self) -> tuple[str, ...]:
        """The path from the room's folder on."""
        return self.parts[self.parts.index(self.room) + 1 :] if self.room else self.parts

    @property
    def is_test(self) -> bool:
        return "tests" in self.parts[:-1] or self.name == "conftest.py"

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.parts[:-1]

    @property
    def is_product(self) -> bool:
        """Python that runs in the product: neither a test nor a migration."""
        return self.suffix == ".py" and self.parts[0] == "rapport" and not self.is_test and not self.is_migration

    @property
    def is_template(self) -> bool:
        return self.parts[0] == "rapport" and "templates" in self.parts and not self.is_test

    def line_of(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def scope_at(self, line: int) -> str:
        """The dotted name of the innermost class or function around a line, "" at the top of the file."""
        names = [
            node.name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.lineno <= line <= (node.end_lineno or node.lineno)
        ]
        return ".".join(names)


def paths() -> Iterator[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in sorted(set(listing.stdout.decode().split("\0"))):
        if name and (ROOT / name).is_file():
            yield ROOT / name


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Every text file. Files without a suffix (bin/up, .npmrc) count as text; data and pictures do not."""
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8", errors="replace"))
        for path in paths()
        if path.suffix in TEXT_SUFFIXES or not path.suffix
    )


def rooms() -> dict[str, Path]:
    """Name and folder of every room that exists."""
    package = ROOT / "rapport"
    folders = [*package.iterdir(), *(package / "engine").iterdir()]
    return {
        folder.name: folder
        for folder in sorted(folders)
        if folder.is_dir() and folder.name not in {"engine", "tests"} and any(folder.rglob("*.py"))
    }
