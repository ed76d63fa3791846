"""The cells of a worksheet, row by row."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from zipfile import ZipFile

from rapport.engine.records.imports.reading.expat import Reader, feed
from rapport.engine.records.imports.reading.strings import unescaped


class Cell(NamedTuple):
    """A cell as it stands in the file: column from 0, kind (`n`, `s`, `str`, `b`, `d`, `e`), style, text."""

    column: int
    kind: str
    style: int
    text: str


def read_cells(archive: ZipFile, name: str) -> Iterator[list[Cell]]:
    """The rows of a sheet, each with those cells that stand in it."""
    with archive.open(name) as source:
        yield from feed(source, Sheet())


class Sheet(Reader[list[Cell]]):
    """Reads rows."""

    def __init__(self) -> None:
        super().__init__()
        self._row: list[Cell] = []
        self._column, self._kind, self._style, self._text = -1, "n", 0, ""
        self._aside = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            place = attributes.get("r")
            self._column = column_of(place.rstrip("0123456789")) if place else self._column + 1
            self._kind, self._style, self._text = attributes.get("t", "n"), int(attributes.get("s", 0)), ""
        elif name == "row":
            self._row, self._column = [], -1
        elif name == "rPh":
            self._aside += 1
        elif name in ("v", "t") and not self._aside:
            self.collect()

    def end(self, name: str) -> None:
        if name == "v":
            self._text = self.collected()
        elif name == "t" and not self._aside:
            self._text += self.collected()
        elif name == "rPh":
            self._aside -= 1
        elif name == "c":
            text = unescaped(self._text) if self._kind in ("str", "inlineStr") else self._text
            self._row.append(Cell(self._column, self._kind, self._style, text))
        elif name == "row":
            self.done.append(self._row)


@lru_cache(20_000)
def column_of(letters: str) -> int:
    """`AB` → 27"""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z" or number > 20_000:
            raise ValueError(f"there is no column {letters[:10]}")
        number = number * 26 + ord(letter) - 64
    return number - 1
