"""What a filter could say at a place: subjects, operators, values, and what joins them."""

from collections.abc import Callable, Iterable, Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.records.fields import Field
from rapport.engine.records.filters.bind import is_told, written
from rapport.engine.records.filters.errors import CHANGED, DID, Expectation, FilterError, Wanted
from rapport.engine.records.filters.memberships import MEMBERSHIPS
from rapport.engine.records.filters.operators import label
from rapport.engine.records.filters.scope import MAX_PATH, FieldRef, Scope, takes
from rapport.engine.records.filters.text import quoted, value_text
from rapport.engine.records.filters.tree import LISTS, NO_VALUE, Function, Op
from rapport.engine.records.filters.values import CALENDAR, word
from rapport.engine.records.folding import fold
from rapport.engine.records.happenings import EVENTS

DAYS = ("today", "yesterday", "tomorrow", "-7d", "-30d", "-90d", "+7d", "+30d")
ROLLING = ("last 7d", "last 30d", "last 90d", "next 7d", "next 30d")
WINDOWS = ("7d", "30d", "90d", "1y", "this week", "this month", "this quarter", "this year", "last month", "last year")
LENGTHS = ("7d", "14d", "30d", "90d", "6mo", "1y")
PERIODS = (*(f"{side} {unit}" for unit in CALENDAR for side in ("this", "last", "next")), *ROLLING)
JOINS: dict[Wanted, tuple[str, ...]] = {
    "join": ("and ", "or "),
    "close": ("and ", "or ", ")"),
    "comma": (", ", ")"),
    "where": ("where ", ")"),
    "often": (", ", "where ", ")"),
    "end": (")",),
}
FUNCTION_LABELS: dict[Function, Promise] = {
    Function.COUNT: __("number of …"),
    Function.SUM: __("sum of …"),
    Function.AVG: __("average of …"),
    Function.MIN: __("lowest of …"),
    Function.MAX: __("highest of …"),
    Function.FIRST: __("first of …"),
    Function.LAST: __("last of …"),
}
Offer = tuple[str, str]
Lookup = Callable[[FieldRef, str], Iterable[Offer]]


def offers(expected: Expectation, typed: str, scope: Scope, lookup: Lookup | None) -> Iterator[Offer]:
    """What to insert, and what it is called; nothing where the names before it mean nothing."""
    try:
        here, naming = _place(expected, scope)
        if expected.wanted in ("member", "membership"):
            yield from _kept(expected, here)
            return
        function = Function(expected.function) if expected.function else None
        ref = here.resolve(expected.path, function=function) if expected.path else None
    except FilterError:
        return
    match expected.wanted:
        case "field":
            yield from _subjects(tuple(typed.split(".")[:-1]), here, naming)
        case "event":
            yield from ((quoted(name), one.label) for name, one in here.happenings().items())
        case "window":
            yield from ((window, window) for window in WINDOWS)
        case "length":
            yield from ((length, length) for length in LENGTHS)
        case wanted if wanted in JOINS:
            yield from ((join, join.strip()) for join in JOINS[wanted])
        case wanted if ref is not None:
            yield from _comparisons(ref, wanted, typed, lookup)
            if wanted == "list" and ref.field.target and not ref.function:
                yield from _memberships(here.reached(expected.path)[1])


def _kept(expected: Expectation, scope: Scope) -> Iterator[Offer]:
    """The kinds of what records can be among, or the names of one kind; by id where several have a name."""
    if expected.wanted == "membership":
        yield from _memberships(scope)
        return
    _ref, here = scope.reached(expected.path)
    known = here.kept().get(expected.function, ())
    names = [fold(name) for _key, name in known]
    for key, name in known:
        yield (quoted(name) if names.count(fold(name)) == 1 else str(key)), name


def _memberships(scope: Scope) -> Iterator[Offer]:
    yield from ((f"{of}(", str(MEMBERSHIPS[of].noun)) for of in scope.kept())


def _place(expected: Expectation, scope: Scope) -> tuple[Scope, str]:
    """Whose fields are spoken of, and the function in whose parentheses they are being named, if that is so."""
    for one in expected.inside:
        if one.function == DID:
            scope = scope.events()
        elif not one.path:
            return scope, one.function
        else:
            scope = scope.inside(scope.resolve(one.path, function=Function(one.function)))
    return scope, ""


def _subjects(path: tuple[str, ...], scope: Scope, naming: str) -> Iterator[Offer]:
    """What a condition can ask, or what can be named in the parentheses of a function."""
    if len(path) >= MAX_PATH:
        return
    if naming and naming != CHANGED:
        yield from _records(path, scope, Function(naming))
        return
    for field in scope.fields(path) if scope.leads_on or not path else ():
        if naming != CHANGED or is_told(scope.resolve((*path, field.slug))):
            yield ".".join((*path, field.slug)), str(field.label)
    if path or naming or scope.record_type is EVENTS:
        return
    if scope.related():
        yield from ((f"{one}(", str(FUNCTION_LABELS[one])) for one in Function)
    if scope.happenings():
        yield from ((f"{DID}(", _("happened …")), (f"{CHANGED}(", _("was changed …")))
    yield from ((f"in {insert}", words) for insert, words in _memberships(scope))


def _records(path: tuple[str, ...], scope: Scope, function: Function) -> Iterator[Offer]:
    """Records that point here, the relations that lead to more of them, and the fields of which something is made."""
    is_count = function is Function.COUNT
    left = MAX_PATH - len(path) - (1 if is_count else 2)
    for name, one in scope.related(path).items() if left >= 0 else ():
        named = ".".join((*path, name))
        if is_count:
            yield named, one.label
        elif any(_makeable(scope, (*path, name), function)):
            yield f"{named}.", one.label
    for hop in scope.fields(path) if left >= 1 else ():
        if scope.related((*path, hop.slug)):
            yield ".".join((*path, hop.slug)) + ".", str(hop.label)
    if path and not is_count and (others := scope.related(path[:-1]).get(path[-1])):
        for field in _makeable(scope, path, function):
            yield ".".join((*path, field.slug)), f"{others.label} › {field.label}"


def _makeable(scope: Scope, path: tuple[str, ...], function: Function) -> Iterator[Field]:
    """The fields of related records of which a function makes something."""
    within = scope.inside(scope.resolve(path, function=Function.COUNT))
    yield from (field for field in within.fields() if takes(function, field))


def _comparisons(ref: FieldRef, wanted: Wanted, typed: str, lookup: Lookup | None) -> Iterator[Offer]:
    if wanted == "operator":
        yield from ((_begun(op), label(op, ref.type_name)) for op in ref.operators)
        if is_told(ref):
            yield "held ", _("has been the same for")
    elif wanted == "list":
        yield from ((period, period) for period in PERIODS if Op.WITHIN in ref.operators)
        yield from (("(", "(") for _one in "(" if Op.IN in ref.operators)
    else:
        yield from _values(ref, typed, lookup)


def _values(ref: FieldRef, typed: str, lookup: Lookup | None) -> Iterator[Offer]:
    match ref.type_name:
        case "choice" | "choices":
            yield from ((value_text(word(option.value)), str(option.label)) for option in ref.field.options)
        case "bool":
            yield from (("true", _("yes")), ("false", _("no")))
        case "date" | "datetime":
            yield from ((day, day) for day in DAYS)
            yield from ((period, period) for period in PERIODS if typed)
        case "user":
            yield "me", _("me")
            yield "my team", _("my team")
    if lookup is not None:
        yield from ((_plainly(value, ref), words) for value, words in lookup(ref, typed))


def _begun(op: Op) -> str:
    if op in NO_VALUE:
        return written(op)
    return f"{written(op)} (" if op in LISTS else f"{written(op)} "


def _plainly(value: str, ref: FieldRef) -> str:
    return value_text(word(value)) if ref.type_name == "tags" else quoted(value)
