"""Reading what follows a field: the operator and its values."""

from dataclasses import dataclass

from rapport.engine.records.filters.cursor import JOINS, Cursor
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.literals import SIDES, read_period, read_value
from rapport.engine.records.filters.tokens import Kind
from rapport.engine.records.filters.tree import MAX_LIST, Op
from rapport.engine.records.filters.values import Period, Value

SAID_OTHERWISE = {
    "contains": Op.CONTAINS,
    "like": Op.CONTAINS,
    "has": Op.EQ,
    "equals": Op.EQ,
    "before": Op.LT,
    "after": Op.GT,
    "begins": Op.STARTS,
    "startswith": Op.STARTS,
    "empty": Op.EMPTY,
}
SAID_FOR_EMPTY = ("null", "none", "blank", "unknown", "set")


@dataclass(frozen=True, slots=True)
class Comparison:
    """`is_negated` is set for `not in this quarter`, which has no operator of its own."""

    op: Op
    place: Place
    values: tuple[Value, ...] = ()
    places: tuple[Place, ...] = ()
    is_negated: bool = False


def read_comparison(cursor: Cursor, path: tuple[str, ...]) -> Comparison:
    """The operator and values after the path. Raises FilterError, with a mend for what is said otherwise."""
    start = cursor.next.place
    if cursor.next.kind is Kind.OP:
        return _compared(cursor, path, Op(cursor.advance().text))
    if cursor.take("is"):
        op = _emptiness(cursor, path, start)
        return Comparison(op, start.to(cursor.last.place))
    if cursor.take("starts"):
        if not cursor.take("with"):
            raise _unfinished(cursor, path, start, mend="starts with")
        return _compared(cursor, path, Op.STARTS)
    if cursor.take("under"):
        return _compared(cursor, path, Op.UNDER)
    negated = cursor.take("not")
    if cursor.take("in"):
        return _membership(cursor, path, start, negated=negated)
    if negated:
        raise _unfinished(cursor, path, start, mend="not in")
    raise _no_operator(cursor, path)


def _compared(cursor: Cursor, path: tuple[str, ...], op: Op) -> Comparison:
    place = cursor.last.place
    if cursor.sees("empty") and op in (Op.EQ, Op.NE):
        raise _said_otherwise(cursor, place.to(cursor.next.place), Op.EMPTY if op is Op.EQ else Op.FILLED)
    value, where = read_value(cursor, path)
    if isinstance(value, Period):
        mend = "in" if op is Op.EQ else ""
        raise FilterError(N_("A period follows in, not %(what)s."), place, suggestion=mend, words={"what": op.value})
    return Comparison(op, place, (value,), (where,))


def _emptiness(cursor: Cursor, path: tuple[str, ...], start: Place) -> Op:
    negated = cursor.take("not")
    if cursor.take("empty"):
        return Op.FILLED if negated else Op.EMPTY
    if cursor.sees(*SAID_FOR_EMPTY):
        mend = Op.FILLED if negated != (cursor.next.text.lower() == "set") else Op.EMPTY
        raise _said_otherwise(cursor, start.to(cursor.next.place), mend)
    if cursor.at_end():
        raise _unfinished(cursor, path, start, mend="is not empty" if negated else "is empty")
    raise _said_otherwise(cursor, start.to(cursor.last.place), Op.NE if negated else Op.EQ)


def _membership(cursor: Cursor, path: tuple[str, ...], start: Place, *, negated: bool) -> Comparison:
    place = start.to(cursor.last.place)
    if cursor.next.kind is Kind.WORD and cursor.next.text in SIDES:
        period, where = read_period(cursor, path)
        return Comparison(Op.WITHIN, place, (period,), (where,), is_negated=negated)
    opening = cursor.next
    if not cursor.take_mark("("):
        raise _no_list(cursor, path)
    values: list[Value] = []
    places: list[Place] = []
    while not values or cursor.take_mark(","):
        value, where = read_value(cursor, path)
        if isinstance(value, Period):
            raise FilterError(N_("A list holds no periods."), where)
        values.append(value)
        places.append(where)
        if len(values) > MAX_LIST:
            raise FilterError(N_("This list is too long: at most %(most)d values."), where, words={"most": MAX_LIST})
    if not cursor.take_mark(")"):
        if not cursor.at_end():
            cursor.not_expected()
        raise FilterError(N_("This list is not closed."), opening.place, expects=cursor.wants("comma", path))
    return Comparison(Op.NOT_IN if negated else Op.IN, place, tuple(values), tuple(places))


def _no_list(cursor: Cursor, path: tuple[str, ...]) -> FilterError:
    sentence = N_("After in stands a list in parentheses, or a period such as this month.")
    if cursor.at_end():
        return FilterError(sentence, cursor.next.place, expects=cursor.wants("list", path))
    _, where = read_value(cursor, path)
    return FilterError(sentence, where, suggestion=f"({cursor.source(where)})")


def _no_operator(cursor: Cursor, path: tuple[str, ...]) -> FilterError:
    token, named = cursor.next, ".".join(path)
    field = f"{cursor.function}({named})" if cursor.function else named
    if cursor.at_end() or cursor.sees(*JOINS) or cursor.sees_mark(")"):
        return FilterError(
            N_("An operator is missing after %(field)s."),
            token.place,
            expects=cursor.wants("operator", path),
            words={"field": field},
        )
    if cursor.sees("between"):
        return FilterError(
            N_("Write two conditions: %(field)s >= … and %(field)s <= …"), token.place, words={"field": field}
        )
    mend = SAID_OTHERWISE.get(token.text.lower()) if token.kind is Kind.WORD else None
    if mend is not None:
        return _said_otherwise(cursor, token.place, mend)
    return FilterError(
        N_("%(what)s is not known here; after a field stands an operator such as =, ~ or in."),
        token.place,
        words={"what": cursor.source(token.place)},
    )


def _said_otherwise(cursor: Cursor, place: Place, mend: Op) -> FilterError:
    return FilterError(
        N_("%(what)s is not an operator here."), place, suggestion=mend.value, words={"what": cursor.source(place)}
    )


def _unfinished(cursor: Cursor, path: tuple[str, ...], start: Place, *, mend: str) -> FilterError:
    place = start.to(cursor.last.place)
    return FilterError(
        N_("This operator is not finished."),
        place,
        suggestion=mend,
        expects=cursor.wants("operator", path, start=start.start),
    )
