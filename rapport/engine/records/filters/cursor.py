"""A place in the tokens of one filter text, and the ways to step on from there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from rapport.engine.records.filters.errors import N_, Expectation, FilterError, Inside, Place, Wanted
from rapport.engine.records.filters.tokens import TOKEN, Kind, Token, tokenise

JOINS = ("and", "or")


class Cursor:
    """`next` is the token not yet read, `last` the one just read."""

    def __init__(self, text: str, known: re.Pattern[str] = TOKEN) -> None:
        self.text = text
        self.tokens = tokenise(text, known)
        self.at = 0
        self.function = ""
        self.inside: tuple[Inside, ...] = ()

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    @property
    def last(self) -> Token:
        return self.tokens[max(self.at - 1, 0)]

    def at_end(self) -> bool:
        return self.next.kind is Kind.END

    def advance(self) -> Token:
        token = self.next
        if token.kind is not Kind.END:
            self.at += 1
        return token

    def sees(self, *words: str) -> bool:
        return self.next.kind is Kind.WORD and self.next.text.lower() in words

    def take(self, *words: str) -> bool:
        """Step over one of these words, in any case, if it is next."""
        found = self.sees(*words)
        if found:
            self.advance()
        return found

    def sees_mark(self, mark: str) -> bool:
        return self.next.kind is Kind.MARK and self.next.text == mark

    def take_mark(self, mark: str) -> bool:
        found = self.sees_mark(mark)
        if found:
            self.advance()
        return found

    @property
    def after(self) -> Token:
        """The token behind the next one."""
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def follows(self, mark: str) -> bool:
        """Whether this mark stands behind the next token."""
        return self.after.kind is Kind.MARK and self.after.text == mark

    def follows_unit(self) -> bool:
        """Whether the next token is a number with its unit behind it: `30 days`."""
        return self.after.kind is Kind.WORD and self.after.text.lower() != "where"

    @contextmanager
    def within(self, inside: Inside) -> Iterator[None]:
        """What is read in this block stands within a function."""
        before, self.inside, self.function = self.inside, (*self.inside, inside), ""
        yield
        self.inside = before

    def source(self, place: Place) -> str:
        return self.text[place.start : place.end]

    def wants(self, wanted: Wanted, path: tuple[str, ...] = (), *, start: int | None = None) -> Expectation | None:
        """What could stand here, if this is the end of the text."""
        if not self.at_end():
            return None
        place = self.next.place.start if start is None else start
        return Expectation(wanted, place, path, self.function, self.inside)

    def not_expected(self) -> NoReturn:
        token = self.next
        raise FilterError(N_("%(what)s is not expected here."), token.place, words={"what": self.source(token.place)})
