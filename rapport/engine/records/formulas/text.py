"""From a formula's tree to its text, which parses back to the same."""

from rapport.engine.records.filters.text import subject_text, to_text, value_text
from rapport.engine.records.filters.tree import Leaf, Op, Over
from rapport.engine.records.formulas.tree import (
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
)

# How tightly each kind of node binds; what binds looser than its surroundings stands in parentheses.
OR, AND, NOT, COMPARE, SUM, PRODUCT, SIGN, VALUE = range(8)


def formula_text(node: Node) -> str:
    """The formula as a person writes it."""
    match node:
        case Literal(value):
            return value_text(value)
        case Span(amount, unit):
            return f"{amount}{unit}"
        case Name(path):
            return ".".join(path)
        case Made(function, path, where):
            return subject_text(Leaf(path, Op.FILLED, (), Over(function, where)))
        case Asks(leaf):
            return to_text(leaf)
        case Call("negative", (inner,)):
            return f"-({formula_text(inner)})" if isinstance(inner, Literal | Span) else f"-{_within(inner, VALUE)}"
        case Call(name, args):
            return f"{name}({', '.join(map(formula_text, args))})"
        case Sum(sign, left, right):
            binds = _binds(node)
            return f"{_within(left, binds)} {sign} {_within(right, binds + 1)}"
        case Compare(left, op, right):
            return f"{_within(left, SUM)} {op} {_within(right, SUM)}"
        case Logic("not", (inner,)):
            return f"not {_within(inner, NOT)}"
        case Logic(word, parts):
            return f" {word} ".join(_within(part, _binds(node) + 1) for part in parts)


def _within(node: Node, binds: int) -> str:
    text = formula_text(node)
    return text if _binds(node) >= binds else f"({text})"


def _binds(node: Node) -> int:
    match node:
        case Logic(word):
            return {"or": OR, "and": AND, "not": NOT}[word]
        case Compare() | Asks():
            return COMPARE
        case Sum(sign):
            return SUM if sign in "+-" else PRODUCT
        case Call("negative"):
            return SIGN
        case Literal(value) if value_text(value)[0] in "+-":
            return SIGN
        case _:
            return VALUE
