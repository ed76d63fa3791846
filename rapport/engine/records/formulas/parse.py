"""From text to tree. `not` binds looser than comparisons, these looser than `+` and `-`, these looser than `*` and `/`:

formula = and {"or" and}    and = not {"and" not}    not = "not" not | comparison
comparison = sum [ symbol sum | comparison of the filter language ]
sum = product {("+" | "-") product}    product = unary {("*" | "/") unary}    unary = "-" unary | value
value = number | text | day | length | path | "(" formula ")" | name "(" formula {"," formula} ")"
      | made "(" path ["where" filter] ")"
"""

from collections.abc import Callable

from rapport.engine.records.filters.comparisons import read_comparison
from rapport.engine.records.filters.cursor import Cursor
from rapport.engine.records.filters.errors import CHANGED, DID, N_, FilterError, Inside, Place
from rapport.engine.records.filters.literals import literal, read_length
from rapport.engine.records.filters.parse import Parser
from rapport.engine.records.filters.tokens import TOKEN_OF_FORMULAS
from rapport.engine.records.filters.tokens import Kind as Sort
from rapport.engine.records.filters.tree import FUNCTIONS, Function, Leaf, Marks, Op, Over
from rapport.engine.records.filters.values import NAMED_DAYS, Number, Relative
from rapport.engine.records.formulas.tree import (
    MAX_NODES,
    MAX_TEXT,
    Asks,
    Call,
    Compare,
    Literal,
    Logic,
    Made,
    Name,
    Node,
    Span,
    Sum,
    nodes,
)

SYMBOLS = frozenset({Op.EQ, Op.NE, Op.GT, Op.GE, Op.LT, Op.LE})
# Functions that are made of records, or of several values where there is a comma: `min(a, b)`.
BOTH = frozenset({Function.MIN, Function.MAX})
ASKS_JOURNAL = N_("A formula cannot ask what happened when; a filter can.")
TAILS = ("in", "is", "not", "starts", "under")


def parse_formula(text: str) -> Node:
    """The tree of a formula. Names are not looked up here (see `bind`). Raises FilterError with the first fault."""
    if len(text) > MAX_TEXT:
        too_long = N_("This formula is too long: at most %(most)d characters.")
        raise FilterError(too_long, Place(MAX_TEXT, len(text)), words={"most": MAX_TEXT})
    return FormulaParser(text).formula()


class FormulaParser(Parser):
    """One pass over one text. Conditions on other records are read as the filter language reads them."""

    def __init__(self, text: str) -> None:
        super().__init__("")
        self.cursor = Cursor(text, TOKEN_OF_FORMULAS)

    def formula(self) -> Node:
        """The whole text."""
        if self.cursor.at_end():
            raise FilterError(N_("Write a formula."), self.cursor.next.place, expects=self.cursor.wants("field"))
        tree = self.expression()
        if not self.cursor.at_end():
            self.cursor.not_expected()
        if sum(1 for _node in nodes(tree)) > MAX_NODES:
            too_many = N_("This formula has too many parts: at most %(most)d.")
            raise FilterError(too_many, Place(0, self.cursor.next.place.start), words={"most": MAX_NODES})
        return tree

    def expression(self) -> Node:
        return self._joined("or", lambda: self._joined("and", self.denial))

    def _joined(self, word: str, read: Callable[[], Node]) -> Node:
        start = self.cursor.next.place
        parts = [read()]
        while self.cursor.take(word):
            parts.append(read())
        return parts[0] if len(parts) == 1 else Logic(word, tuple(parts), start.to(self.cursor.last.place))

    def denial(self) -> Node:
        start = self.cursor.next
        if not self.cursor.take("not"):
            return self.comparison()
        self.deeper(start.place)
        inner = self.denial()
        self.nesting -= 1
        return Logic("not", (inner,), start.place.to(self.cursor.last.place))

    def comparison(self) -> Node:
        start = self.cursor.next.place
        left = self.sum()
        if self.cursor.sees("held"):
            raise FilterError(ASKS_JOURNAL, self.cursor.next.place)
        token = self.cursor.next
        if token.kind is Sort.OP and token.text in SYMBOLS:
            op = Op(self.cursor.advance().text)
            self._refuse_no_value(left)
            return Compare(left, op, self.sum(), start.to(self.cursor.last.place))
        if token.kind is Sort.OP or self.cursor.sees(*TAILS):
            return self._as_filter(left)
        return left

    def _refuse_no_value(self, left: Node) -> None:
        if not self.cursor.at_end():
            return
        path = left.path if isinstance(left, Name | Made) else ()
        self.cursor.function = left.function if isinstance(left, Made) else ""
        expects = self.cursor.wants("value" if path else "field", path)
        raise FilterError(N_("A value is missing here."), self.cursor.next.place, expects=expects)

    def _as_filter(self, left: Node) -> Node:
        """`~`, `in`, `is empty` and so on stand after a field, or after what is made of records."""
        if not isinstance(left, Name | Made):
            token = self.cursor.next
            words = {"what": self.cursor.source(token.place)}
            raise FilterError(N_("%(what)s can follow a field only."), token.place, words=words)
        over = Over(left.function, left.where) if isinstance(left, Made) else None
        self.cursor.function = over.function if over else ""
        read = read_comparison(self.cursor, left.path)
        marks = Marks(left.marks.path, read.place, read.places)
        asks = Asks(Leaf(left.path, read.op, read.values, over, marks))
        return Logic("not", (asks,), asks.place) if read.is_negated else asks

    def sum(self) -> Node:
        start = self.cursor.next.place
        left = self.product()
        while True:
            if self._has_own_sign():
                sign, right = self.cursor.next.text[0], self._unsigned()
            elif sign := self._sign("+-"):
                right = self.product()
            else:
                return left
            left = Sum(sign, left, right, start.to(self.cursor.last.place))

    def product(self) -> Node:
        start = self.cursor.next.place
        left = self.unary_value()
        while sign := self._sign("*/"):
            left = Sum(sign, left, self.unary_value(), start.to(self.cursor.last.place))
        return left

    def unary_value(self) -> Node:
        start = self.cursor.next
        if not self._sign("-"):
            return self.value()
        self.deeper(start.place)
        inner = self.unary_value()
        self.nesting -= 1
        return Call("negative", (inner,), start.place.to(self.cursor.last.place))

    def value(self) -> Node:
        token = self.cursor.next
        if self.cursor.take_mark("("):
            self.deeper(token.place)
            inner = self.expression()
            self.close(token)
            self.nesting -= 1
            return inner
        if token.kind is Sort.WORD and token.text in NAMED_DAYS | {"true": 0, "false": 0}:
            return self._literal()
        if token.kind is Sort.WORD and self.cursor.follows("("):
            return self.called()
        if token.kind is Sort.WORD and token.text.lower() not in ("and", "or", "not", "where"):
            path, places = self.path()
            return Name(path, Marks(places))
        if token.kind is Sort.DURATION or (token.kind is Sort.NUMBER and self._is_length()):
            length, place = read_length(self.cursor)
            return Span(length.amount, length.unit, place)
        if token.kind in (Sort.NUMBER, Sort.TEXT, Sort.DAY, Sort.OFFSET):
            return self._literal()
        return self._nothing()

    def called(self) -> Node:
        """A function of values, or what is made of records that point here."""
        name = self.cursor.next
        word = name.text.lower()
        if word in (DID, CHANGED):
            raise FilterError(ASKS_JOURNAL, name.place)
        if word in FUNCTIONS and not (word in BOTH and self._has_comma()):
            path, places, over = self.made()
            return Made(over.function, path, over.where, Marks(places))
        self.cursor.advance()
        opening = self.cursor.advance()
        self.deeper(opening.place)
        args: list[Node] = []
        with self.cursor.within(Inside("")):
            while not self.cursor.sees_mark(")") or args:
                args.append(self.expression())
                if not self.cursor.take_mark(","):
                    break
            self.close(opening, "comma")
        self.nesting -= 1
        return Call(word, tuple(args), name.place.to(self.cursor.last.place))

    def _has_comma(self) -> bool:
        """Whether a comma stands in the parentheses that open behind the next word, and in none within."""
        depth = 0
        for token in self.cursor.tokens[self.cursor.at + 1 :]:
            if token.kind is Sort.MARK and token.text in "()":
                depth += 1 if token.text == "(" else -1
            if depth == 0:
                return False
            if depth == 1 and token.kind is Sort.MARK and token.text == ",":
                return True
        return False

    def _sign(self, signs: str) -> str:
        token = self.cursor.next
        return self.cursor.advance().text if token.kind is Sort.OP and token.text in signs else ""

    def _has_own_sign(self) -> bool:
        """`size -3`, `today +30d`: the sign stands at the value, and between two values all the same."""
        token = self.cursor.next
        return token.kind in (Sort.NUMBER, Sort.OFFSET) and token.text[0] in "+-"

    def _unsigned(self) -> Node:
        token, node = self.cursor.next, self._literal()
        assert isinstance(node, Literal)
        if isinstance(node.value, Relative):
            return Span(abs(node.value.amount), node.value.unit, token.place)
        assert isinstance(node.value, Number)
        return Literal(Number(abs(node.value.value)), token.place)

    def _is_length(self) -> bool:
        """`30 days`: a number with a word behind it."""
        return self.cursor.after.kind is Sort.WORD and self.cursor.after.text.lower() not in ("and", "or", *TAILS)

    def _literal(self) -> Literal:
        token = self.cursor.advance()
        return Literal(literal(token), token.place)

    def _nothing(self) -> Node:
        token = self.cursor.next
        if self.cursor.at_end():
            raise FilterError(N_("A value is missing here."), token.place, expects=self.cursor.wants("field"))
        words = {"what": self.cursor.source(token.place)}
        raise FilterError(N_("%(what)s is not expected here; a value is."), token.place, words=words)
