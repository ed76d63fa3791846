"""What is wrong with a filter: a sentence, the place in the text (or tree, or form), and what to write instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext

Wanted = Literal[
    "field", "operator", "value", "list", "comma", "join", "close", "where", "event", "window", "length", "often",
    "end", "membership", "member",
]  # fmt: skip
DID, CHANGED = "did", "changed"


def noop(text: str) -> str:
    """Mark a sentence for translation; it is translated when it is shown, in the language of whoever reads it."""
    return text


N_ = noop


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the filter's text, or a JSON pointer into its tree; both where both are known."""

    start: int = -1
    end: int = -1
    pointer: str = ""

    def to(self, other: "Place") -> "Place":
        return Place(self.start, other.end, self.pointer)


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Inside:
    """The parentheses of a function: its name, and once that is read the path; of `did` the event."""

    function: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the parser wanted where the text ended; completion reads it.

    `path` and `function` are what the condition asks, `inside` the functions in whose parentheses it stands. Of a
    member, `function` is the word before its parentheses.
    """

    wanted: Wanted
    start: int
    path: tuple[str, ...] = ()
    function: str = ""
    inside: tuple[Inside, ...] = ()


class FilterError(ValueError):
    """A filter that cannot be read. `suggestion` is what to write at the place instead, or empty."""

    def __init__(
        self,
        sentence: str,
        place: Place = NOWHERE,
        *,
        suggestion: str = "",
        expects: Expectation | None = None,
        words: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.place = place
        self.suggestion = suggestion
        self.expects = expects
        self.words = words or {}

    @property
    def message(self) -> str:
        """The sentence in the reader's language, with the mend where there is one."""
        said = gettext(self.sentence) % self.words if self.words else gettext(self.sentence)
        if not self.suggestion:
            return said
        return gettext("%(said)s Did you mean %(mend)s?") % {"said": said, "mend": self.suggestion}

    @property
    def position(self) -> int:
        """Index of the first character at fault, or -1 when the filter was not given as text."""
        return self.place.start

    @property
    def length(self) -> int:
        return max(self.place.end - self.place.start, 0)

    @property
    def pointer(self) -> str:
        """JSON pointer (RFC 6901) into the tree, or empty."""
        return self.place.pointer

    def mended(self, text: str) -> str:
        """The text with the suggestion in place of what was wrong; unchanged when there is no suggestion."""
        if not self.suggestion or self.place.start < 0:
            return text
        return text[: self.place.start] + self.suggestion + text[self.place.end :]

    def __str__(self) -> str:
        return self.message
