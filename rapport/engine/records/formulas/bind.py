"""Binding a formula to what its names mean: each part gets its kind, conditions on fields become leaves of filters."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.engine.records.filters.bind import bind as bind_filter
from rapport.engine.records.filters.errors import N_, FilterError
from rapport.engine.records.filters.literals import KEYWORDS
from rapport.engine.records.filters.operators import operators
from rapport.engine.records.filters.scope import FieldRef, Scope, nearest
from rapport.engine.records.filters.tree import EVERYTHING, Function, Leaf, Marks, Over
from rapport.engine.records.filters.values import Number, word
from rapport.engine.records.formulas.functions import AMOUNTS, DAYS, FUNCTIONS, IF, NEGATIVE, ORDERED
from rapport.engine.records.formulas.functions import Function as Known
from rapport.engine.records.formulas.tree import (
    RESULTS,
    Asks,
    Call,
    Compare,
    Kind,
    Literal,
    Logic,
    Made,
    Name,
    Node,
    Span,
    Sum,
    kind_of_literal,
    with_parts,
)
from rapport.engine.records.registry import record_type

# The types of fields whose values a formula can use, and as what. Of lists of entries it is the primary one.
USED_AS: dict[str, Kind] = {
    "number": Kind.NUMBER, "money": Kind.MONEY, "date": Kind.DATE, "datetime": Kind.DATETIME, "bool": Kind.BOOL,
    **dict.fromkeys(("text", "long_text", "link", "email", "phone"), Kind.TEXT),
    **dict.fromkeys(("emails", "phones", "links", "domains"), Kind.TEXT),
}  # fmt: skip
# Fields that a condition compares with values as they are written, not with other fields.
ASKED = frozenset({"choice", "choices", "tags", "relation", "user", "members", "file", "addresses"})
WORDS: dict[Kind, Promise] = {
    Kind.NUMBER: _("a number"), Kind.MONEY: _("money"), Kind.TEXT: _("text"), Kind.DATE: _("a date"),
    Kind.DATETIME: _("a moment"), Kind.BOOL: _("yes or no"), Kind.SPAN: _("a length of time"),
}  # fmt: skip
SUMS: dict[tuple[Kind, str, Kind], Kind] = {
    **{(Kind.NUMBER, sign, Kind.NUMBER): Kind.NUMBER for sign in "+-*/"},
    **{(Kind.MONEY, sign, Kind.MONEY): Kind.MONEY for sign in "+-"},
    (Kind.MONEY, "*", Kind.NUMBER): Kind.MONEY,
    (Kind.NUMBER, "*", Kind.MONEY): Kind.MONEY,
    (Kind.MONEY, "/", Kind.NUMBER): Kind.MONEY,
    (Kind.MONEY, "/", Kind.MONEY): Kind.NUMBER,
    (Kind.TEXT, "+", Kind.TEXT): Kind.TEXT,
    (Kind.DATE, "+", Kind.SPAN): Kind.DATE,
    (Kind.DATE, "-", Kind.SPAN): Kind.DATE,
    (Kind.DATE, "-", Kind.DATE): Kind.NUMBER,
}


@dataclass(frozen=True)
class Bound:
    """A part of a formula with its kind; `ref` is what a name or what is made means."""

    node: Node
    kind: Kind
    parts: tuple["Bound", ...] = ()
    ref: FieldRef | None = None


def bind_formula(node: Node, scope: Scope) -> Bound:
    """The formula with everything in it checked. Raises FilterError that names the place and the mend."""
    bound = _bind(node, scope)
    if bound.kind not in RESULTS:
        raise FilterError(N_("A formula gives a value, not %(what)s."), node.place, words={"what": WORDS[bound.kind]})
    return bound


def _bind(node: Node, scope: Scope) -> Bound:
    match node:
        case Literal():
            return _literal(node)
        case Span():
            return Bound(node, Kind.SPAN)
        case Name():
            return _name(node, scope)
        case Made():
            return _made(node, scope)
        case Asks(leaf):
            return _asks(leaf, scope)
        case Compare():
            return _compared(node, scope)
        case Call():
            return _called(node, scope)
        case Sum():
            return _summed(node, scope)
        case Logic():
            parts = tuple(_bind(part, scope) for part in node.parts)
            for part in parts:
                _refuse_other(part, Kind.BOOL)
            return _over(node, Kind.BOOL, parts)


def _over(node: Node, kind: Kind, parts: tuple[Bound, ...]) -> Bound:
    return Bound(with_parts(node, tuple(part.node for part in parts)), kind, parts)


def _literal(node: Literal) -> Bound:
    kind = kind_of_literal(node.value)
    if kind is None:
        raise FilterError(N_("A formula goes by the day."), node.place, suggestion="today")
    return Bound(node, kind)


def _name(node: Name, scope: Scope) -> Bound:
    ref = _resolved(node, scope)
    name = ref.field.type.name
    if name == "relation":
        title = ".".join((*node.path, record_type(ref.field.target).title))
        raise FilterError(N_("%(what)s is another record; name one of its fields."), node.place, suggestion=title,
                          words={"what": ".".join(node.path)})  # fmt: skip
    if name not in USED_AS:
        words = {"what": str(ref.field.label)}
        raise FilterError(
            N_("%(what)s can be asked in a condition only, as in if(… = …, 1, 0)."), node.place, words=words
        )
    return Bound(node, USED_AS[name], ref=ref)


def _resolved(node: Name, scope: Scope) -> FieldRef:
    """The field of a name; a minus without spaces makes one name of two."""
    try:
        return scope.resolve(node.path, node.marks)
    except FilterError:
        parts = node.path[-1].split("-")
        known = {field.slug for field in scope.fields(node.path[:-1])}
        if len(parts) > 1 and parts[0] in known:
            place = node.marks.segment(len(node.path) - 1)
            raise FilterError(N_("Write spaces around a minus."), place, suggestion=" - ".join(parts)) from None
        raise


def _made(node: Made, scope: Scope) -> Bound:
    ref = scope.resolve(node.path, node.marks, function=node.function)
    where = node.where
    if where != EVERYTHING:
        where = bind_filter(where, scope.inside(ref))
    if node.function in (Function.COUNT, Function.AVG):
        kind: Kind | None = Kind.NUMBER
        kind = Kind.MONEY if ref.field.type.name == "money" else kind
    else:
        kind = USED_AS.get(ref.field.type.name)
    if kind is None or (node.function in (Function.FIRST, Function.LAST) and not operators(ref.type_name)):
        words = {"what": str(ref.field.label)}
        raise FilterError(N_("Of %(what)s no value can be taken."), node.place, words=words)
    return Bound(Made(node.function, node.path, where, node.marks), kind, ref=ref)


def _asks(leaf: Leaf, scope: Scope) -> Bound:
    bound = bind_filter(leaf, scope)
    assert isinstance(bound, Leaf)
    return Bound(Asks(bound), Kind.BOOL)


def _compared(node: Compare, scope: Scope) -> Bound:
    """A field and a value as it is written are a condition of the filter language; other values are compared here."""
    if isinstance(node.left, Name | Made):
        ref = _asked_of(node.left, scope)
        if ref.type_name in ASKED and isinstance(node.right, Name) and len(node.right.path) == 1:
            name = node.right.path[0]
            return _asks(_leaf(node, (KEYWORDS.get(name) or word(name),)), scope)
        if isinstance(node.right, Literal):
            return _asks(_leaf(node, (node.right.value,)), scope)
    parts = (_bind(node.left, scope), _bind(node.right, scope))
    _refuse_other(parts[1], parts[0].kind)
    if parts[0].kind not in ORDERED | {Kind.BOOL}:
        raise FilterError(N_("%(what)s cannot be compared."), node.place, words={"what": WORDS[parts[0].kind]})
    return _over(node, Kind.BOOL, parts)


def _asked_of(node: Name | Made, scope: Scope) -> FieldRef:
    if isinstance(node, Name):
        return _resolved(node, scope)
    return scope.resolve(node.path, node.marks, function=node.function)


def _leaf(node: Compare, values: tuple[object, ...]) -> Leaf:
    left = node.left
    assert isinstance(left, Name | Made)
    over = Over(left.function, left.where) if isinstance(left, Made) else None
    marks = Marks(left.marks.path, node.place, (node.right.place,))
    return Leaf(left.path, node.op, values, over, marks)  # type: ignore[arg-type]  # the value of a literal, or a word


def _called(node: Call, scope: Scope) -> Bound:
    if node.name == IF:
        return _if(node, scope)
    known = NEGATIVE if node.name == NEGATIVE.name else FUNCTIONS.get(node.name)
    if known is None:
        names = {name: name for name in (*FUNCTIONS, IF, *(one.value for one in Function))}
        near = nearest(node.name, names)
        raise FilterError(N_("%(what)s(…) is not known here."), node.place, suggestion=f"{near}(…)" if near else "",
                          words={"what": node.name})  # fmt: skip
    parts = tuple(_bind(part, scope) for part in node.args)
    _refuse_number_of(node, known, len(parts))
    for index, part in enumerate(parts):
        if part.kind not in known.takes_at(index):
            raise _does_not_fit(part, known)
    if known.whole and len(parts) == len(known.takes):
        _refuse_no_whole(parts[-1], known.whole)
    if known.gives is not None:
        return _over(node, known.gives, parts)
    for part in parts[1:] if not known.whole else ():
        _refuse_other(part, parts[0].kind)
    return _over(node, parts[0].kind, parts)


def _if(node: Call, scope: Scope) -> Bound:
    """`if(condition, value, …, otherwise)`: conditions and values take turns, and what is left over is otherwise."""
    if len(node.args) < 2:
        raise FilterError(N_("Write if(condition, value, otherwise)."), node.place)
    parts = tuple(_bind(part, scope) for part in node.args)
    pairs = len(parts) // 2 * 2
    for condition in parts[:pairs:2]:
        _refuse_other(condition, Kind.BOOL)
    values = (*parts[1:pairs:2], *parts[pairs:])
    for value in values[1:]:
        _refuse_other(value, values[0].kind)
    return _over(node, values[0].kind, parts)


def _summed(node: Sum, scope: Scope) -> Bound:
    parts = (_bind(node.left, scope), _bind(node.right, scope))
    kind = SUMS.get((parts[0].kind, node.sign, parts[1].kind))
    if kind is not None:
        return _over(node, kind, parts)
    words = {"left": WORDS[parts[0].kind], "sign": node.sign, "right": WORDS[parts[1].kind]}
    kinds = {part.kind for part in parts}
    hint = N_("%(sign)s does not go between %(left)s and %(right)s.")
    if kinds == AMOUNTS:
        hint = N_("%(sign)s does not go between %(left)s and %(right)s; write money(…) around the number.")
    elif kinds & DAYS and node.sign == "-":
        hint = N_("%(sign)s does not go between %(left)s and %(right)s; days(from, to) counts the days between.")
    elif Kind.TEXT in kinds and node.sign == "+":
        hint = N_("%(sign)s does not go between %(left)s and %(right)s; text(…) makes text of a value.")
    raise FilterError(hint, node.place, words=words)


def _refuse_other(part: Bound, wanted: Kind) -> None:
    if part.kind is not wanted:
        words = {"wanted": WORDS[wanted], "what": WORDS[part.kind]}
        raise FilterError(N_("Here stands %(wanted)s, not %(what)s."), part.node.place, words=words)


def _refuse_number_of(node: Call, known: Known, given: int) -> None:
    if given < known.needed or (given > len(known.takes) and not known.repeats):
        raise FilterError(N_("This is written as %(sample)s."), node.place, words={"sample": known.sample})


def _does_not_fit(part: Bound, known: Known) -> FilterError:
    words = {"sample": known.sample, "what": WORDS[part.kind]}
    return FilterError(N_("%(what)s does not fit into %(sample)s."), part.node.place, words=words)


def _refuse_no_whole(part: Bound, most: int) -> None:
    node = part.node
    value = node.value.value if isinstance(node, Literal) and isinstance(node.value, Number) else None
    if value is None or value != int(value) or not 0 <= value <= most:
        words = {"most": most}
        raise FilterError(N_("A whole number from 0 to %(most)d stands here."), node.place, words=words)
