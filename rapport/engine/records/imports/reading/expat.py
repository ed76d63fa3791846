"""XML of any size, a piece at a time: what a reader has finished is handed on, the rest of the document forgotten."""

from collections.abc import Iterator
from typing import IO, Any, Generic, TypeVar
from xml.parsers.expat import ParserCreate

PIECE = 64 * 1024
Item = TypeVar("Item")


class Reader(Generic[Item]):
    """Hears of elements by their bare names, and puts what it has finished into `done`."""

    def __init__(self) -> None:
        self.done: list[Item] = []
        self._collects = False
        self._texts: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError

    def text(self, text: str) -> None:
        if self._collects:
            self._texts.append(text)

    def collect(self) -> None:
        """Gather the text from here on."""
        self._collects, self._texts = True, []

    def collected(self) -> str:
        """The text that was gathered; no more of it."""
        self._collects = False
        return "".join(self._texts)


def feed(source: IO[bytes], reader: Reader[Item]) -> Iterator[Item]:
    """Read a document. Raises ExpatError, and ValueError for one that defines entities."""
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: reader.start(name.rpartition(" ")[2], attributes)
    parser.EndElementHandler = lambda name: reader.end(name.rpartition(" ")[2])
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = _refuse
    while piece := source.read(PIECE):
        parser.Parse(piece, False)
        yield from reader.done
        reader.done.clear()
    parser.Parse(b"", True)
    yield from reader.done


def _refuse(*_declaration: Any) -> None:
    raise ValueError("it defines entities")
