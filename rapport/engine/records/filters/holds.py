"""A filter asked of values in memory: what the database would say of a record that has them, without asking it.

For the fields of the record itself, with what they point at by id (see `pin`). A property test holds the two equal.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from rapport.engine.records.fields.entries import Addresses, Entries
from rapport.engine.records.filters.conditions import sql
from rapport.engine.records.filters.conditions.asked import Asked, Evaluation
from rapport.engine.records.filters.conditions.ordered import COMPARED
from rapport.engine.records.filters.conditions.pointers import wanted_users
from rapport.engine.records.filters.conditions.texts import entry_needles, needles, plain
from rapport.engine.records.filters.negations import AFFIRMED
from rapport.engine.records.filters.scope import Scope, ref_of
from rapport.engine.records.filters.times import ONE_DAY
from rapport.engine.records.filters.tree import All, AnyOf, Group, Leaf, Node, Op
from rapport.engine.records.filters.values import Bool, Id, Moment, Number, Period, Relative, Unit
from rapport.engine.records.folding import fold, fold_key
from rapport.engine.records.registry import record_type
from rapport.engine.records.survivors import survivors_of

Holds = Callable[[Mapping[str, Any]], bool]
Fits = Callable[[Any], bool]


def holds(tree: Node, scope: Scope, evaluation: Evaluation) -> Holds:
    """Whether a bound tree holds for the values of a record by slug; a missing one counts as empty.

    Raises TypeError for what values alone cannot tell: other records, the journal, names that were not pinned.
    """
    if isinstance(tree, Leaf):
        return _leaf(tree, scope, evaluation)
    if not isinstance(tree, Group):
        raise TypeError(f"{type(tree).__name__} asks the journal")
    parts = [holds(child, scope, evaluation) for child in tree.children]
    if isinstance(tree, All):
        return lambda values: all(part(values) for part in parts)
    if isinstance(tree, AnyOf):
        return lambda values: any(part(values) for part in parts)
    return lambda values: not any(part(values) for part in parts)


def _leaf(leaf: Leaf, scope: Scope, evaluation: Evaluation) -> Holds:
    ref, op = ref_of(leaf, scope), AFFIRMED.get(leaf.op, leaf.op)
    if ref.hops or ref.related or op is Op.UNDER:
        raise TypeError(f"{'.'.join(leaf.path)} asks other records")
    field, slug = ref.field, ref.field.slug
    asked = Asked(field, ref.record_type, op, leaf.values)
    if op is Op.FILLED:
        return _turned(slug, lambda value: not field.type.is_empty(value), is_denied=op is not leaf.op)
    return _turned(slug, FITS[field.type.name](asked, evaluation), is_denied=op is not leaf.op)


def _turned(slug: str, fits: Fits, *, is_denied: bool) -> Holds:
    if is_denied:
        return lambda values: not fits(values.get(slug))
    return lambda values: fits(values.get(slug))


def _text(asked: Asked, evaluation: Evaluation) -> Fits:
    """As the database compares: by fold keys where the field keeps one, else without regard to case."""
    turn = _lower if asked.op is Op.CONTAINS and not asked.field.custom else _upper
    kept: Callable[[str], str] = turn
    if asked.field.fold_path:
        turn, kept = fold, fold_key
    wanted = [turn(needle) for needle in needles(asked, evaluation)]
    if asked.op is Op.CONTAINS:
        return lambda value: value is not None and wanted[0] in kept(value)
    if asked.op is Op.STARTS:
        return lambda value: value is not None and kept(value).startswith(wanted[0])
    return lambda value: value is not None and kept(value) in wanted


def _entries(asked: Asked, evaluation: Evaluation) -> Fits:
    """Any entry. Part of a text is looked for in the entries as JSON, as the database does."""
    key, field = sql.keys(asked.field)[0], asked.field
    if asked.op in (Op.EQ, Op.IN):
        spellings = set(entry_needles(asked, evaluation))
        return lambda value: any(entry.get(key) in spellings for entry in value or ())
    (needle,) = needles(asked, evaluation)
    quoted = json.dumps(needle, ensure_ascii=False)
    starts = asked.op is Op.STARTS
    within, first = _upper(quoted[:-1] if starts else quoted[1:-1]), _upper(needle)

    def anywhere(value: Any) -> bool:
        # An empty list of a custom field is not kept, that of a column is.
        return bool(value or not field.custom) and within in _upper(_as_json(field.type, value or []))

    if not field.primary_path:
        return anywhere

    def primary(value: Any) -> bool:
        if not value:
            return False
        text = _upper(value[0].get(key) or "")
        found = text.startswith(first) if starts else first in text
        return found or (len(value) > 1 and anywhere(value))

    return primary


def _as_json(kind: Any, value: Any) -> str:
    """What is looked for in a list of entries, as PostgreSQL writes it: the keys of each by length, then by name."""
    assert isinstance(kind, Entries)
    keys = sorted(kind.parts, key=lambda key: (len(key), key)) if isinstance(kind, Addresses) else [kind.key]
    return json.dumps([entry[key] for entry in value for key in keys if key in entry], ensure_ascii=False)


def _number(asked: Asked, _evaluation: Evaluation) -> Fits:
    compare = COMPARED[asked.op]
    given = [value.value for value in asked.values if isinstance(value, Number)]

    def fits(value: Any) -> bool:
        amount = value.get("house") if isinstance(value, dict) else value
        return amount is not None and any(compare(amount, one) for one in given)

    return fits


def _yes_no(asked: Asked, _evaluation: Evaluation) -> Fits:
    wanted = asked.values == (Bool(True),)
    return lambda value: bool(value) is wanted


def _date(asked: Asked, evaluation: Evaluation) -> Fits:
    (given,), clock = asked.values, evaluation.clock
    if isinstance(given, Period):
        first, after = clock.days(given)
        return lambda value: value is not None and first <= value < after
    compare, day = COMPARED[asked.op], clock.day(given)  # type: ignore[arg-type]  # binding has seen to it
    return lambda value: value is not None and compare(value, day)


def _datetime(asked: Asked, evaluation: Evaluation) -> Fits:
    (given,), clock = asked.values, evaluation.clock
    if isinstance(given, Period):
        first, after = clock.instants(given)
        return lambda value: value is not None and first <= value < after
    compare = COMPARED[asked.op]
    if isinstance(given, Moment) or (isinstance(given, Relative) and given.unit is Unit.HOUR):
        instant = clock.instant(given)
        return lambda value: value is not None and compare(value, instant)
    day = clock.day(given)  # type: ignore[arg-type]  # binding has seen to it
    start, end = clock.start_of(day), clock.start_of(day + ONE_DAY)
    if asked.op is Op.EQ:
        return lambda value: value is not None and start <= value < end
    # After a day is from the next one on, and up to a day is before the next one.
    edge, at_edge = (end, asked.op is Op.GT) if asked.op in (Op.GT, Op.LE) else (start, asked.op is Op.GE)
    return lambda value: value is not None and (value >= edge if at_edge else value < edge)


def _choice(asked: Asked, _evaluation: Evaluation) -> Fits:
    wanted = {plain(value) for value in asked.values}
    return lambda value: value in wanted


def _several(asked: Asked, _evaluation: Evaluation) -> Fits:
    wanted = {plain(value) for value in asked.values}
    return lambda value: not wanted.isdisjoint(value or ())


def _user(asked: Asked, evaluation: Evaluation) -> Fits:
    wanted, addresses = wanted_users(asked, evaluation)
    if addresses:
        raise TypeError(f"{asked.field.slug} asks for users by address")
    return lambda value: value in wanted


def _relation(asked: Asked, _evaluation: Evaluation) -> Fits:
    wanted = {value.value for value in asked.values if isinstance(value, Id)}
    if len(wanted) < len(set(asked.values)):
        raise TypeError(f"{asked.field.slug} asks for records by name")
    wanted |= set(survivors_of(record_type(asked.field.target), wanted).values())
    return lambda value: value in wanted


def _upper(text: str) -> str:
    """Capitals as the database makes them: one letter for one letter."""
    return text.upper() if text.isascii() else "".join(map(_capital, text))


def _capital(letter: str) -> str:
    return next((one for one in (letter.upper(), letter.title()) if len(one) == 1), letter)


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else "".join(letter.lower()[0] for letter in text)


FITS: dict[str, Callable[[Asked, Evaluation], Fits]] = {
    **dict.fromkeys(("text", "long_text", "email", "phone", "link"), _text),
    **dict.fromkeys(("emails", "phones", "links", "domains", "addresses"), _entries),
    **dict.fromkeys(("number", "money"), _number),
    **dict.fromkeys(("choices", "tags"), _several),
    "choice": _choice,
    "date": _date,
    "datetime": _datetime,
    "bool": _yes_no,
    "user": _user,
    "relation": _relation,
}
