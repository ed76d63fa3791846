"""The strings that a workbook keeps for all of its cells: on disk, for there may be millions of different ones."""

import re
import tempfile
from array import array
from functools import lru_cache
from os import pread
from types import TracebackType
from typing import Self
from zipfile import ZipFile

from rapport.engine.records.imports.reading.expat import Reader, feed

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
REMEMBERED = 20_000  # strings that are asked for again and again


class SharedStrings:
    """Strings by their number. Memory holds where each one ends, and those that were asked for last."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="rapport-strings-")  # noqa: SIM115  closed by our own __exit__
        self._ends = array("Q", [0])
        self._known = lru_cache(REMEMBERED)(self._read)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def __getitem__(self, number: int) -> str:
        return self._known(number)

    def read(self, archive: ZipFile, name: str) -> None:
        """Take in the table of strings of a workbook."""
        with archive.open(name) as source:
            for text in feed(source, Table()):
                self._file.write(text.encode("utf-8", "surrogatepass"))
                self._ends.append(self._file.tell())
        self._file.flush()

    def _read(self, number: int) -> str:
        if not 0 <= number < len(self._ends) - 1:
            raise IndexError(f"there is no string {number}")
        start, end = self._ends[number], self._ends[number + 1]
        return pread(self._file.fileno(), end - start, start).decode("utf-8", "surrogatepass")


class Table(Reader[str]):
    """Reads the items of the table; how a word is pronounced is not part of it."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._aside = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._aside += 1
        elif name == "t" and not self._aside:
            self.collect()

    def end(self, name: str) -> None:
        if name == "t" and not self._aside:
            self._parts.append(self.collected())
        elif name == "rPh":
            self._aside -= 1
        elif name == "si":
            self.done.append(unescaped("".join(self._parts)))


def unescaped(text: str) -> str:
    """Letters that XML cannot hold stand as `_x000D_`."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
