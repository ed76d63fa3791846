"""From text to tokens. Every token knows its place, so that every error can name it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.text import quoted
from rapport.engine.records.filters.tree import MAX_TEXT
from rapport.engine.records.filters.values import ID, UNSTORABLE


class Kind(Enum):
    ID = auto()
    MOMENT = auto()
    DAY = auto()
    OFFSET = auto()
    DURATION = auto()
    NUMBER = auto()
    WORD = auto()
    TEXT = auto()
    OP = auto()
    MARK = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is what stands there; for quoted text, what it says."""

    kind: Kind
    text: str
    place: Place


QUOTES = {'"': '"', "'": "'", "“": "”"}
ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
MENDS = {
    "==": "=",
    "<>": "!=",
    "&&": "and",
    "||": "or",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "!": "not",
    "=~": "~",
    "~=": "~",
    "=>": ">=",
    "=<": "<=",
}
END = r"(?![\w.@+-]|:\d)"
PATTERNS = {
    Kind.ID: ID.pattern + END,
    Kind.MOMENT: r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?" + END,
    Kind.DAY: r"\d{4}-\d\d-\d\d" + END,
    Kind.OFFSET: r"[+-]\d+[A-Za-z]+" + END,
    Kind.DURATION: r"\d+[A-Za-z]+" + END,
    Kind.NUMBER: r"-?\d+(?:\.\d+)?" + END,
    Kind.WORD: r"[^\W\d]\w*+(?:-\w++)*+(?![@:/-])",
    Kind.OP: r"!=|>=|<=|!~|[=<>~](?![=~<>])",
    Kind.MARK: r"[(),.]",
}
NOT_ON = r"(?![\w.@]|:\d)"
# In formulas signs stand between values: `revenue / size + 2*3`.
ARITHMETIC = PATTERNS | {
    Kind.DAY: r"\d{4}-\d\d-\d\d" + NOT_ON,
    Kind.DURATION: r"\d+[A-Za-z]+" + NOT_ON,
    Kind.NUMBER: r"-?\d+(?:\.\d+)?" + NOT_ON,
    Kind.WORD: r"[^\W\d]\w*+(?:-\w++)*+(?![@:])",
    Kind.OP: PATTERNS[Kind.OP] + r"|[-+*/]",
}


def _any_of(patterns: dict[Kind, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in patterns.items()))


TOKEN, TOKEN_OF_FORMULAS = _any_of(PATTERNS), _any_of(ARITHMETIC)
SPACE = re.compile(r"\s*")
RUN = re.compile(r"""[^\s(),"'=<>~!&|≥≤≠]+|[=<>~!&|≥≤≠]+|.""", re.DOTALL)
RUN_BEFORE = re.compile(r"""[^\s(),"'=<>~!&|≥≤≠]*\Z""")


def tokenise(text: str, known: re.Pattern[str] = TOKEN) -> list[Token]:
    """The tokens of a filter, ending in one END. Raises FilterError at the first character that fits nowhere."""
    if len(text) > MAX_TEXT:
        raise FilterError(
            N_("This filter is too long: at most %(most)d characters."),
            Place(MAX_TEXT, len(text)),
            words={"most": MAX_TEXT},
        )
    if (unstorable := UNSTORABLE.search(text)) is not None:
        at = unstorable.start()
        raise FilterError(N_("This character cannot be used in a filter."), Place(at, at + 1))
    return list(_tokens(text, known))


def _tokens(text: str, known: re.Pattern[str]) -> Iterator[Token]:
    at = _skip(text, 0)
    while at < len(text):
        token = _quoted(text, at) if text[at] in QUOTES else _plain(text, at, known)
        yield token
        at = _skip(text, token.place.end)
    yield Token(Kind.END, "", Place(len(text), len(text)))


def _skip(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at


def _plain(text: str, at: int, known: re.Pattern[str]) -> Token:
    found = known.match(text, at)
    if found is None or found.lastgroup is None:
        raise _stray(text, at)
    return Token(Kind[found.lastgroup], found.group(), Place(at, found.end()))


def _stray(text: str, at: int) -> FilterError:
    found = RUN.match(text, at)
    place = Place(at, found.end() if found else at + 1)
    run = text[place.start : place.end]
    if run in MENDS:
        return FilterError(N_("%(what)s is not known here."), place, suggestion=MENDS[run], words={"what": run})
    if any(char.isalnum() for char in run):
        before = RUN_BEFORE.search(text, 0, at)
        place = Place(before.start() if before else at, place.end)
        run = text[place.start : place.end]
        return FilterError(N_("%(what)s needs quotes."), place, suggestion=quoted(run), words={"what": run})
    return FilterError(N_("%(what)s is not known here."), place, words={"what": run})


def _quoted(text: str, at: int) -> Token:
    closing, said, index = QUOTES[text[at]], [], at + 1
    while index < len(text) and text[index] != closing:
        if text[index] == "\\" and index + 1 < len(text):
            index += 1
            said.append(_escaped(text, index))
        else:
            said.append(text[index])
        index += 1
    if index >= len(text):
        raise FilterError(N_("This text has no closing quote."), Place(at, len(text)), suggestion=text[at:] + closing)
    return Token(Kind.TEXT, "".join(said), Place(at, index + 1))


def _escaped(text: str, index: int) -> str:
    char = text[index]
    if char in ESCAPED:
        return ESCAPED[char]
    if char == "\\" or char in QUOTES or char in QUOTES.values():
        return char
    raise FilterError(
        N_("%(what)s means nothing here."),
        Place(index - 1, index + 1),
        suggestion="\\\\" + char,
        words={"what": "\\" + char},
    )
