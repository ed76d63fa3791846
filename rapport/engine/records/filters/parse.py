"""From text to tree by recursive descent. `not` binds tightest, then `and`, then `or`:

filter = [or]    or = and {"or" and}    and = unary {"and" unary}    unary = "not" unary | "(" or ")" | leaf
leaf = path ( symbol value | "starts with" value | ["not"] "in" ( list | period ) | "is" ["not"] "empty" )
"""

from typing import NoReturn

from rapport.engine.records.filters.comparisons import read_comparison
from rapport.engine.records.filters.cursor import JOINS, Cursor
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.tokens import Kind, Token
from rapport.engine.records.filters.tree import (
    EVERYTHING,
    MAX_DEPTH,
    MAX_LEAVES,
    All,
    AnyOf,
    Leaf,
    Marks,
    Node,
    NoneOf,
    depth,
    normal,
)


def parse(text: str) -> Node:
    """The normal tree of a filter text; the empty text lets everything through.

    Names are not looked up here (see `bind`). Raises FilterError with the place of the first fault.
    """
    return Parser(text).filter()


class Parser:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self.cursor = Cursor(text)
        self.found = 0
        self.nesting = 0

    def filter(self) -> Node:
        if self.cursor.at_end():
            return EVERYTHING
        tree = normal(self.any_of())
        if not self.cursor.at_end():
            self.cursor.not_expected()
        if depth(tree) > MAX_DEPTH:
            self.too_deep(Place(0, self.cursor.next.place.start))
        return tree

    def any_of(self) -> Node:
        parts = [self.all_of()]
        while self.cursor.take("or"):
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def all_of(self) -> Node:
        parts = [self.unary()]
        while self.cursor.take("and"):
            parts.append(self.unary())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def unary(self) -> Node:
        opening = self.cursor.next
        if self.cursor.take("not"):
            self.deeper(opening.place)
            inner: Node = NoneOf((self.unary(),))
        elif self.cursor.take_mark("("):
            self.deeper(opening.place)
            inner = self.any_of()
            self.close(opening)
        else:
            return self.leaf()
        self.nesting -= 1
        return inner

    def deeper(self, place: Place) -> None:
        """Guard the stack: one level of the tree is written with at most a `not` and a parenthesis."""
        self.nesting += 1
        if self.nesting > 2 * MAX_DEPTH:
            self.too_deep(place)

    def too_deep(self, place: Place) -> NoReturn:
        raise FilterError(
            N_("This filter is nested too deeply: at most %(most)d levels."), place, words={"most": MAX_DEPTH}
        )

    def close(self, opening: Token) -> None:
        if self.cursor.take_mark(")"):
            return
        if self.cursor.at_end():
            raise FilterError(N_("This parenthesis is not closed."), opening.place, expects=self.cursor.wants("close"))
        self.cursor.not_expected()

    def leaf(self) -> Node:
        path, places = self.path()
        self.found += 1
        if self.found > MAX_LEAVES:
            raise FilterError(
                N_("This filter has too many conditions: at most %(most)d."), places[0], words={"most": MAX_LEAVES}
            )
        read = read_comparison(self.cursor, path)
        leaf = Leaf(path, read.op, read.values, Marks(places, read.place, read.places))
        return NoneOf((leaf,)) if read.is_negated else leaf

    def path(self) -> tuple[tuple[str, ...], tuple[Place, ...]]:
        first = self.cursor.next
        self.refuse_what_is_no_field(first)
        tokens = [self.cursor.advance()]
        while self.cursor.take_mark("."):
            if self.cursor.next.kind is not Kind.WORD:
                raise FilterError(
                    N_("A field name is missing after the dot."),
                    self.cursor.next.place,
                    expects=self.cursor.wants("field", start=first.place.start),
                )
            tokens.append(self.cursor.advance())
        if self.cursor.sees_mark("("):
            raise unknown_call(first, self.cursor.last)
        return tuple(token.text for token in tokens), tuple(token.place for token in tokens)

    def refuse_what_is_no_field(self, token: Token) -> None:
        """A condition begins with a name; `count(…)` and `in segment(…)` do too, and are not known yet."""
        if self.cursor.at_end() or self.cursor.sees(*JOINS) or self.cursor.sees_mark(")"):
            raise FilterError(N_("A condition is missing here."), token.place, expects=self.cursor.wants("field"))
        if token.kind is not Kind.WORD:
            raise FilterError(
                N_("A condition begins with a field name, not with %(what)s."),
                token.place,
                words={"what": self.cursor.source(token.place)},
            )
        if self.cursor.sees("in"):
            self.cursor.advance()
            raise unknown_call(token, self.cursor.next)


def unknown_call(first: Token, last: Token) -> FilterError:
    words = first.text if first is last else f"{first.text} {last.text}".rstrip()
    return FilterError(N_("%(what)s(…) is not known here."), first.place.to(last.place), words={"what": words})
