"""Conditions on text, and on lists of e-mails, phones, links, domains and addresses."""

import json
from collections.abc import Iterator

from django.db.models import F, Q
from django.db.models.fields.json import DataContains
from django.db.models.lookups import Contains, Exact, GreaterThan, IContains, IExact, In, IStartsWith, StartsWith

from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Field
from rapport.engine.records.fields.entries import Entries
from rapport.engine.records.filters.conditions import sql
from rapport.engine.records.filters.conditions.asked import Asked, Evaluation
from rapport.engine.records.filters.tree import Op
from rapport.engine.records.filters.values import Ident, Text
from rapport.engine.records.folding import fold

PHONES = ("phone", "phones")


def text(asked: Asked, evaluation: Evaluation) -> Q:
    """Without regard to case; without regard to accents too where the field keeps a fold key."""
    wanted = list(needles(asked, evaluation))
    if asked.field.fold_path:
        return _folded(asked, [fold(needle) for needle in wanted])
    here = asked.field.expression()
    match asked.op:
        case Op.CONTAINS:
            # A custom field that is often searched has an index over its text in capitals.
            return Q((IContains if asked.field.custom else sql.Holds)(here, wanted[0]))
        case Op.STARTS:
            return Q(IStartsWith(here, wanted[0]))
        case _:
            return sql.any_of([Q(IExact(here, needle)) for needle in wanted])


def entries(asked: Asked, evaluation: Evaluation) -> Q:
    """Any entry of the list. Equality goes by the index over the list, parts of text mostly by the primary entry."""
    field = asked.field
    if asked.op in (Op.EQ, Op.IN):
        key = sql.keys(field)[0]
        listed, wanted = sql.entries(field), dict.fromkeys(entry_needles(asked, evaluation))
        return sql.any_of([Q(DataContains(listed, sql.json([{key: spelling}]))) for spelling in wanted])
    (needle,) = needles(asked, evaluation)
    within = json.dumps(needle, ensure_ascii=False)
    within = within[:-1] if asked.op is Op.STARTS else within[1:-1]
    anywhere = Q(IContains(sql.entry_texts(field), within))
    if not field.primary_path:
        return anywhere
    primary = F(field.primary_path)
    first = Q(IStartsWith(primary, needle) if asked.op is Op.STARTS else IContains(primary, needle))
    return first | (Q(GreaterThan(sql.EntryCount(sql.entries(field)), 1)) & anywhere)


def _folded(asked: Asked, wanted: list[str]) -> Q:
    key = F(asked.field.fold_path)
    match asked.op:
        case Op.CONTAINS:
            return Q(Contains(key, wanted[0]))
        case Op.STARTS:
            return Q(StartsWith(key, wanted[0]))
        case Op.EQ:
            return Q(Exact(key, wanted[0]))
        case _:
            return Q(In(key, wanted))


def needles(asked: Asked, evaluation: Evaluation) -> Iterator[str]:
    """What to look for, in the form in which the field keeps it."""
    for value in asked.values:
        written = plain(value)
        if asked.op in (Op.EQ, Op.IN):
            yield normal_form(written, asked.field, evaluation)
        elif asked.field.type.name in PHONES:
            yield _dialled(written)
        else:
            yield written


def entry_needles(asked: Asked, evaluation: Evaluation) -> Iterator[str]:
    """An entry is found by its normal form, as it was typed, and in lower case."""
    for value in asked.values:
        written = plain(value)
        yield normal_form(written, asked.field, evaluation)
        yield written
        yield written.lower()


def normal_form(written: str, field: Field, evaluation: Evaluation) -> str:
    """A value as the field would keep it; as it is written if the field would refuse it."""
    kind = field.type
    try:
        if isinstance(kind, Entries):
            return kind.check(written, evaluation.reading)
        parsed = kind.parse(written, field, evaluation.reading)
    except Invalid:
        return written
    return str(parsed)


def plain(value: object) -> str:
    if not isinstance(value, Text | Ident):
        raise TypeError(f"{value} was not bound to a field of text")
    return value.value


def _dialled(written: str) -> str:
    """Part of a phone number as it is kept, without spaces and signs; as written if it holds no digit."""
    digits = "".join(char for char in written if char.isdecimal() or char == "+")
    return digits if any(char.isdecimal() for char in digits) else written
