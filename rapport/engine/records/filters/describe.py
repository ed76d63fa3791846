"""A filter in words: a chip for each condition that must hold, a sentence for what is nested."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from rapport.engine.records.filters.memberships import MEMBERSHIPS
from rapport.engine.records.filters.operators import label
from rapport.engine.records.filters.scope import FieldRef, Scope, ref_of
from rapport.engine.records.filters.text import to_text, value_text
from rapport.engine.records.filters.tree import (
    EVERYTHING,
    All,
    Among,
    AnyOf,
    Ask,
    Changed,
    Did,
    Group,
    Held,
    Leaf,
    Node,
    NoneOf,
    Op,
    both,
    leaves,
)
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
)
from rapport.engine.records.targets import kind_of

Names = Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in words, and the text of the filter without it. A nested condition has only a sentence."""

    sentence: str
    without: str
    field: str = ""
    operator: str = ""
    value: str = ""


def chips(tree: Node, scope: Scope, names: Names | None = None) -> list[Chip]:
    """A chip for each condition that must hold. `names` gives records and users their names (see `pointed_at`)."""
    if tree == EVERYTHING:
        return []
    parts = tree.children if isinstance(tree, All) else (tree,)
    return [
        _chip(part, to_text(both(*parts[:index], *parts[index + 1 :])), scope, names or {})
        for index, part in enumerate(parts)
    ]


def sentence(tree: Node, scope: Scope, names: Names | None = None) -> str:
    """The whole filter in one sentence; empty for the one that lets everything through."""
    return _sentence(tree, scope, names or {})


def pointed_at(tree: Node, scope: Scope) -> Iterator[tuple[str, UUID]]:
    """The (record type or `users`, id) pairs in a filter, to look up their names."""
    for leaf in leaves(tree):
        if isinstance(leaf, Did):
            yield from pointed_at(leaf.where, scope.events())
        if not isinstance(leaf, Leaf):
            continue
        ref = ref_of(leaf, scope)
        yield from ((kind_of(ref.field), value.value) for value in leaf.values if isinstance(value, Id))
        if leaf.over:
            yield from pointed_at(leaf.over.where, scope.inside(ref))


def _chip(part: Node, without: str, scope: Scope, names: Names) -> Chip:
    if (words := _denied_words(part, scope)) is None:
        if isinstance(part, Group):
            return Chip(_sentence(part, scope, names), without)
        words = _words(part, scope, names)
    field, operator, value = words
    return Chip(" ".join(filter(None, (field, operator, value))), without, field, operator, value)


def _sentence(node: Node, scope: Scope, names: Names) -> str:
    if words := _denied_words(node, scope):
        return " ".join(words)
    if not isinstance(node, Group):
        return " ".join(filter(None, _words(node, scope, names)))
    parts = [_sentence(child, scope, names) for child in node.children]
    if isinstance(node, All):
        return f" {_('and')} ".join(_wrapped(node.children, parts))
    joined = f" {_('or')} ".join(_wrapped(node.children, parts))
    return joined if isinstance(node, AnyOf) else _("not (%(conditions)s)") % {"conditions": joined}


def _wrapped(children: tuple[Node, ...], parts: list[str]) -> list[str]:
    return [
        f"({part})" if isinstance(child, All | AnyOf) else part for child, part in zip(children, parts, strict=True)
    ]


def _words(leaf: Ask, scope: Scope, names: Names) -> tuple[str, str, str]:
    match leaf:
        case Did():
            return _did_words(leaf, scope, names)
        case Changed(path, within):
            return scope.resolve(path, leaf.marks).label, _("was changed"), _when(within)
        case Held(path, length):
            span = _span(length.amount, length.unit)
            return scope.resolve(path, leaf.marks).label, _("has been the same for"), span
        case Among():
            return _among_words(leaf, scope, Op.EQ)
        case _:
            return _leaf_words(leaf, scope, names)


def _denied_words(node: Node, scope: Scope) -> tuple[str, str, str] | None:
    """A record that is not among something is said as plainly as one that is."""
    if isinstance(node, NoneOf) and len(node.children) == 1 and isinstance(node.children[0], Among):
        return _among_words(node.children[0], scope, Op.NE)
    return None


def _among_words(among: Among, scope: Scope, op: Op) -> tuple[str, str, str]:
    ref, here = scope.reached(among.path)
    noun = str(MEMBERSHIPS[among.of].noun)
    return f"{ref.label} › {noun}" if ref else noun, label(op, "relation"), here.members(among).name


def _did_words(did: Did, scope: Scope, names: Names) -> tuple[str, str, str]:
    often = ngettext("%(n)d time at least", "%(n)d times at least", did.times) % {"n": did.times}
    where = _sentence(did.where, scope.events(), names)
    rest = [often if did.times > 1 else "", _when(did.within), f"({where})" if where else ""]
    return scope.happenings()[did.event].label, "", " ".join(filter(None, rest))


def _when(within: Period | None) -> str:
    if within is None:
        return ""
    return _("in %(period)s") % {"period": _period(within)} if within.amount else _period(within)


def _leaf_words(leaf: Leaf, scope: Scope, names: Names) -> tuple[str, str, str]:
    ref = ref_of(leaf, scope)
    values = [value_words(value, ref, names) for value in leaf.values]
    joined = f" {_('or')} ".join(filter(None, (", ".join(values[:-1]), values[-1]))) if values else ""
    return _asked(leaf, ref, scope, names), label(leaf.op, ref.type_name), joined


def _asked(leaf: Leaf, ref: FieldRef, scope: Scope, names: Names) -> str:
    """The field, or what is made of other records and of which of them."""
    where = _sentence(leaf.over.where, scope.inside(ref), names) if leaf.over else ""
    return f"{ref.label} ({where})" if where else ref.label


def value_words(value: Value, ref: FieldRef, names: Names) -> str:
    """A value as people read it: the label of a choice, the name of a record, a date in their language."""
    match value:
        case Text(text) | Ident(text):
            option = ref.field.option(text) if ref.type_name in ("choice", "choices") else None
            return str(option.label) if option else text
        case Id(key):
            return names.get(key) or str(key)
        case Bool(flag):
            return _("yes") if flag else _("no")
        case Me():
            return _("me")
        case MyTeam():
            return _("my team")
        case Number(number):
            return format_decimal(number, locale=_locale(), decimal_quantization=False)
        case Day(day):
            return format_date(day, "medium", locale=_locale())
        case Moment(moment):
            return _moment(moment)
        case Relative():
            return _relative(value)
        case Period():
            return _period(value)


def _moment(moment: dt.datetime) -> str:
    written = format_datetime(moment.replace(tzinfo=None), "medium", locale=_locale())
    return f"{written} UTC" if moment.tzinfo else written


def _relative(value: Relative) -> str:
    named = {
        "now": _("now"), "today": _("today"), "yesterday": _("yesterday"), "tomorrow": _("tomorrow"),
    }.get(value_text(value))  # fmt: skip
    if named or not value.amount:
        return named or _("today")
    span = _span(abs(value.amount), value.unit)
    return _("%(span)s ago") % {"span": span} if value.amount < 0 else _("in %(span)s") % {"span": span}


def _period(value: Period) -> str:
    if value.amount:
        span = _span(value.amount, value.unit)
        return (
            _("the last %(span)s") % {"span": span} if value.side == "last" else _("the next %(span)s") % {"span": span}
        )
    return {
        "this week": _("this week"), "last week": _("last week"), "next week": _("next week"),
        "this month": _("this month"), "last month": _("last month"), "next month": _("next month"),
        "this quarter": _("this quarter"), "last quarter": _("last quarter"), "next quarter": _("next quarter"),
        "this year": _("this year"), "last year": _("last year"), "next year": _("next year"),
    }[value_text(value)]  # fmt: skip


def _span(amount: int, unit: Unit) -> str:
    words = {
        Unit.HOUR: ngettext("%(n)d hour", "%(n)d hours", amount),
        Unit.DAY: ngettext("%(n)d day", "%(n)d days", amount),
        Unit.WEEK: ngettext("%(n)d week", "%(n)d weeks", amount),
        Unit.MONTH: ngettext("%(n)d month", "%(n)d months", amount),
        Unit.QUARTER: ngettext("%(n)d quarter", "%(n)d quarters", amount),
        Unit.YEAR: ngettext("%(n)d year", "%(n)d years", amount),
    }
    return words[unit] % {"n": amount}


def _locale() -> str:
    return to_locale(get_language() or "en")
