"""Reading that a record is among those of something kept: `in view("My leads")`, `company not in view("Big ones")`."""

from rapport.engine.records.filters.cursor import Cursor
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.literals import SIDES, literal
from rapport.engine.records.filters.memberships import MEMBERSHIPS
from rapport.engine.records.filters.text import quoted
from rapport.engine.records.filters.tokens import Kind, Token
from rapport.engine.records.filters.tree import Among, Marks, NoneOf
from rapport.engine.records.filters.values import Id, Text


def begins_among(cursor: Cursor) -> bool:
    """Whether `in word(` or `not in word(` stands here, after a path."""
    words = cursor.tokens[cursor.at : cursor.at + 4]
    if cursor.sees("not"):
        words = words[1:]
    if len(words) < 3 or words[0].kind is not Kind.WORD or words[0].text.lower() != "in":
        return False
    return words[1].kind is Kind.WORD and words[1].text not in SIDES and words[2].text == "("


def read_among(cursor: Cursor, path: tuple[str, ...] = (), places: tuple[Place, ...] = ()) -> Among | NoneOf:
    """The condition; the cursor stands on `in`, or on `not` before it. Raises FilterError with the place."""
    start = cursor.next
    negated = cursor.take("not")
    cursor.advance()
    word = cursor.next
    if word.kind is not Kind.WORD or word.text.lower() not in MEMBERSHIPS:
        raise unknown_call(start, word, cursor)
    cursor.advance()
    opening = cursor.next
    if not cursor.take_mark("("):
        sentence = N_("After %(what)s stands a name in parentheses.")
        raise FilterError(sentence, word.place, words={"what": word.text})
    of = word.text.lower()
    named, place = _name(cursor, of, path)
    if not cursor.take_mark(")"):
        if not cursor.at_end():
            cursor.not_expected()
        raise FilterError(N_("This parenthesis is not closed."), opening.place, expects=cursor.wants("end"))
    among = Among(of, named, path, Marks(places, start.place.to(word.place), (place,)))
    return NoneOf((among,)) if negated else among


def _name(cursor: Cursor, of: str, path: tuple[str, ...]) -> tuple[Id | Text, Place]:
    """What is kept goes by its name in quotes, or by its id; a name of one word may stand bare."""
    token = cursor.next
    if cursor.at_end():
        cursor.function = of
        raise FilterError(N_("A name stands here in quotes."), token.place, expects=cursor.wants("member", path))
    cursor.advance()
    if token.kind is Kind.WORD:
        return Text(token.text), token.place
    if token.kind in (Kind.TEXT, Kind.ID):
        value = literal(token)
        if isinstance(value, Id) or (isinstance(value, Text) and value.value.strip()):
            return value, token.place
    mend = quoted(cursor.source(token.place)) if token.kind is Kind.NUMBER else ""
    raise FilterError(N_("A name stands here in quotes."), token.place, suggestion=mend)


def unknown_call(first: Token, last: Token, cursor: Cursor | None = None) -> FilterError:
    """A word with parentheses that means nothing here."""
    words = first.text if first is last else f"{first.text} {last.text}".rstrip()
    expects = cursor.wants("membership") if cursor else None
    return FilterError(
        N_("%(what)s(…) is not known here."), first.place.to(last.place), expects=expects, words={"what": words}
    )
