"""From text to tree by recursive descent. `not` binds tightest, then `and`, then `or`:

filter = [or]    or = and {"or" and}    and = unary {"and" unary}    unary = "not" unary | "(" or ")" | leaf
leaf = subject ( symbol value | "starts with" value | ["not"] "in" ( list | period ) | "is" ["not"] "empty" )
     | path "held" length | "changed" "(" path ["," window] ")"
     | "did" "(" text ["," window] ["," times] ["where" or] ")"
     | [path ["not"]] "in" word "(" ( text | id ) ")"
subject = path | function "(" path ["where" or] ")"
"""

from rapport.engine.records.filters.belonging import begins_among, read_among, unknown_call
from rapport.engine.records.filters.comparisons import read_comparison
from rapport.engine.records.filters.cursor import JOINS, Cursor
from rapport.engine.records.filters.errors import CHANGED, DID, N_, FilterError, Inside, Place, Wanted
from rapport.engine.records.filters.limits import refuse_too_much, too_deep, too_many
from rapport.engine.records.filters.literals import read_length, read_times, read_window
from rapport.engine.records.filters.text import quoted
from rapport.engine.records.filters.tokens import Kind, Token
from rapport.engine.records.filters.tree import (
    EVERYTHING,
    FUNCTIONS,
    MAX_DEPTH,
    MAX_LEAVES,
    All,
    AnyOf,
    Changed,
    Did,
    Function,
    Held,
    Leaf,
    Marks,
    Node,
    NoneOf,
    Over,
    normal,
)
from rapport.engine.records.filters.values import GRAMMAR_WORDS


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
        refuse_too_much(tree, Place(0, self.cursor.next.place.start))
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
            raise too_deep(place)

    def close(self, opening: Token, wanted: Wanted = "close") -> None:
        """`wanted`: what could stand here besides the parenthesis."""
        if self.cursor.take_mark(")"):
            return
        if self.cursor.at_end():
            raise FilterError(N_("This parenthesis is not closed."), opening.place, expects=self.cursor.wants(wanted))
        self.cursor.not_expected()

    def leaf(self) -> Node:
        start = self.cursor.next
        node = self.ask()
        self.found += 1
        if self.found > MAX_LEAVES:
            raise too_many(start.place)
        return node

    def ask(self) -> Node:
        if self.cursor.sees("in"):
            return read_among(self.cursor)
        if self.cursor.follows("("):
            if self.cursor.sees(DID):
                return self.did()
            if self.cursor.sees(CHANGED):
                return self.changed()
        over = None
        if self.cursor.sees(*FUNCTIONS) and self.cursor.follows("("):
            path, places, over = self.made()
        else:
            path, places = self.path()
            if self.cursor.take("held"):
                length, place = read_length(self.cursor)
                return Held(path, length, Marks(places, self.cursor.last.place, (place,)))
            if begins_among(self.cursor):
                return read_among(self.cursor, path, places)
        self.cursor.function = over.function if over else ""
        read = read_comparison(self.cursor, path)
        leaf = Leaf(path, read.op, read.values, over, Marks(places, read.place, read.places))
        return NoneOf((leaf,)) if read.is_negated else leaf

    def did(self) -> Did:
        """`did("notes.created", 30d, 2 where by = me)`."""
        self.cursor.advance()
        opening = self.cursor.advance()
        self.deeper(opening.place)
        token = self.cursor.advance()
        if token.kind is not Kind.TEXT or not token.text:
            raise self.no_event(token)
        within, place, times = None, token.place, 1
        wanted: Wanted = "often"
        if self.cursor.take_mark(","):
            if self.cursor.next.kind is not Kind.NUMBER or self.cursor.follows_unit():
                within, place = read_window(self.cursor)
            if within is None or self.cursor.take_mark(","):
                times, wanted = read_times(self.cursor), "where"
        where = self.where(opening, Inside(DID, (token.text,)), wanted)
        return Did(token.text, within, times, where, Marks((token.place,), opening.place, (place,)))

    def no_event(self, token: Token) -> FilterError:
        """Names of events have dots, so that they are often written as fields are."""
        last = token
        while token.kind is Kind.WORD and self.cursor.sees_mark("."):
            self.cursor.advance()
            last = self.cursor.advance()
        place = token.place.to(last.place)
        mend = quoted(self.cursor.source(place)) if token.kind is Kind.WORD else ""
        expects = self.cursor.wants("event") if token.kind is Kind.END else None
        return FilterError(N_("What happened stands here in quotes."), place, suggestion=mend, expects=expects)

    def changed(self) -> Changed:
        """`changed(stage, 30d)`."""
        self.cursor.advance()
        opening = self.cursor.advance()
        self.deeper(opening.place)
        with self.cursor.within(Inside(CHANGED)):
            path, places = self.path()
        within, place = None, places[0]
        wanted: Wanted = "comma"
        if self.cursor.take_mark(","):
            within, place = read_window(self.cursor)
            wanted = "end"
        self.close(opening, wanted)
        self.nesting -= 1
        return Changed(path, within, Marks(places, opening.place, (place,)))

    def where(self, opening: Token, inside: Inside, wanted: Wanted = "where") -> Node:
        """What else must hold of other records or events, and the end of the parentheses."""
        found: Node = EVERYTHING
        with self.cursor.within(inside):
            if self.cursor.take("where"):
                found, wanted = self.any_of(), "close"
            elif (token := self.cursor.next).kind is Kind.WORD and not self.cursor.sees(*GRAMMAR_WORDS):
                raise FilterError(
                    N_("Conditions begin with where in these parentheses."),
                    token.place,
                    suggestion=f"where {self.cursor.source(token.place)}",
                )
            self.close(opening, wanted)
        self.nesting -= 1
        return found

    def made(self) -> tuple[tuple[str, ...], tuple[Place, ...], Over]:
        """`count(memberships where …)`: a function, the records that point here, and which of them."""
        function, opening = Function(self.cursor.advance().text.lower()), self.cursor.advance()
        self.deeper(opening.place)
        with self.cursor.within(Inside(function)):
            path, places = self.path()
        where = self.where(opening, Inside(function, path))
        return path, places, Over(function, where)

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
        if self.cursor.at_end() or self.cursor.sees(*JOINS) or self.cursor.sees_mark(")"):
            raise FilterError(N_("A condition is missing here."), token.place, expects=self.cursor.wants("field"))
        if token.kind is not Kind.WORD:
            raise FilterError(
                N_("A condition begins with a field name, not with %(what)s."),
                token.place,
                words={"what": self.cursor.source(token.place)},
            )
