"""Which value fits which type of field, and what to write instead where one does not."""

from collections.abc import Callable
from functools import lru_cache

from rapport.engine.records.fields import Option
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.scope import FieldRef, nearest
from rapport.engine.records.filters.text import quoted, value_text
from rapport.engine.records.filters.values import (
    Bool,
    Day,
    Id,
    Ident,
    Me,
    Moment,
    MyTeam,
    Number,
    Period,
    Relative,
    Text,
    Unit,
    Value,
    word,
)
from rapport.engine.records.folding import fold

Check = Callable[[Value, FieldRef, Place], Value]
YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def text(value: Value, ref: FieldRef, place: Place) -> Value:
    if not isinstance(value, Text | Ident):
        raise _refuse(
            N_("%(field)s is text: write %(value)s in quotes."), ref, place, value, mend=quoted(value_text(value))
        )
    if not fold(value.value):
        raise _refuse(N_("Write what to look for in %(field)s, or ask whether it is empty."), ref, place, value)
    return Text(value.value)


def number(value: Value, ref: FieldRef, place: Place) -> Value:
    if not isinstance(value, Number):
        raise _refuse(N_("%(field)s is a number, and %(value)s is none."), ref, place, value)
    return value


def date(value: Value, ref: FieldRef, place: Place) -> Value:
    if isinstance(value, Moment):
        mend = value.value.date().isoformat()
        raise _refuse(N_("%(field)s is a day without a time."), ref, place, value, mend=mend)
    if isinstance(value, Relative) and value.unit is Unit.HOUR:
        raise _refuse(N_("%(field)s is a day without a time."), ref, place, value, mend="today")
    return datetime(value, ref, place)


def datetime(value: Value, ref: FieldRef, place: Place) -> Value:
    if not isinstance(value, Day | Moment | Relative):
        raise _refuse(
            N_("%(field)s is a date: write it as 2026-03-14, today or -90d, not %(value)s."), ref, place, value
        )
    return value


def period(value: Value, ref: FieldRef, place: Place) -> Value:
    if isinstance(value, Period) and value.unit is Unit.HOUR and ref.type_name == "date":
        raise _refuse(N_("%(field)s is a day without a time."), ref, place, value)
    return value


def yes_no(value: Value, ref: FieldRef, place: Place) -> Value:
    if isinstance(value, Text | Ident) and fold(value.value) in YES_NO:
        return Bool(YES_NO[fold(value.value)])
    if not isinstance(value, Bool):
        raise _refuse(N_("%(field)s is true or false, not %(value)s."), ref, place, value)
    return value


def choice(value: Value, ref: FieldRef, place: Place) -> Value:
    """One of the options, by its permanent value or by its label, however it is written."""
    given = value.value if isinstance(value, Text | Ident) else value_text(value)
    if ref.field.option(given) is not None:
        return word(given)
    by_word = _by_word(tuple(ref.field.options))
    found = by_word.get(fold(given))
    if found is None:
        near = nearest(given, by_word)
        mend = value_text(word(near)) if near else ""
        raise _refuse(N_("%(value)s is not a choice of %(field)s."), ref, place, value, mend=mend)
    return word(found)


@lru_cache(maxsize=64)
def _by_word(options: tuple[Option, ...]) -> dict[str, str]:
    """Folded label or value → value; where two fold alike, the first value, and values before labels."""
    by_label = {fold(option.label): option.value for option in reversed(options)}
    return by_label | {fold(option.value): option.value for option in reversed(options)}


def tag(value: Value, ref: FieldRef, place: Place) -> Value:
    if not isinstance(value, Text | Ident) or not value.value.strip():
        raise _refuse(
            N_("%(field)s is text: write %(value)s in quotes."), ref, place, value, mend=quoted(value_text(value))
        )
    return word(" ".join(value.value.split()))


def user(value: Value, ref: FieldRef, place: Place) -> Value:
    if isinstance(value, Me | MyTeam | Id):
        return value
    if not isinstance(value, Text) or "@" not in value.value:
        raise _refuse(N_("%(field)s is a user: write me, my team, or an e-mail address in quotes."), ref, place, value)
    return Text(value.value.strip())


def relation(value: Value, ref: FieldRef, place: Place) -> Value:
    if isinstance(value, Id):
        return value
    return text(value, ref, place)


def _refuse(sentence: str, ref: FieldRef, place: Place, value: Value, *, mend: str = "") -> FilterError:
    field = ref.label if ref.related else str(ref.field.label)
    return FilterError(sentence, place, suggestion=mend, words={"field": field, "value": value_text(value)})


CHECKS: dict[str, Check] = {
    **dict.fromkeys(("text", "long_text", "email", "emails", "phone", "phones"), text),
    **dict.fromkeys(("link", "links", "domains", "addresses"), text),
    **dict.fromkeys(("number", "count", "money"), number),
    **dict.fromkeys(("choice", "choices"), choice),
    "date": date,
    "datetime": datetime,
    "period": period,
    "bool": yes_no,
    "tags": tag,
    "user": user,
    "relation": relation,
}
