"""Binding a tree to what its names mean: every operator and value is checked against the type of its field.

The result is canonical: choices are slugs whether they were named by slug or label, text is text whether quoted or not.
"""

from dataclasses import replace

from rapport.engine.records.filters.checks import CHECKS
from rapport.engine.records.filters.errors import N_, FilterError
from rapport.engine.records.filters.operators import operators
from rapport.engine.records.filters.scope import FieldRef, Scope
from rapport.engine.records.filters.tree import NO_VALUE, Leaf, Node, Op
from rapport.engine.records.filters.values import Id
from rapport.engine.records.registry import record_type


def bind(tree: Node, scope: Scope) -> Node:
    """The tree with every leaf checked and its values made canonical. Binding twice is binding once.

    Raises FilterError that names the place and the mend.
    """
    if isinstance(tree, Leaf):
        return _bound(tree, scope.resolve(tree.path, tree.marks), scope)
    return type(tree)(tuple(bind(child, scope) for child in tree.children))


def _bound(leaf: Leaf, ref: FieldRef, scope: Scope) -> Leaf:
    known = operators(ref.type_name)
    if leaf.op not in known:
        raise FilterError(
            N_("%(field)s cannot be asked with %(op)s; it knows %(known)s."),
            leaf.marks.op,
            words={
                "field": ".".join(leaf.path),
                "op": written(leaf.op),
                "known": ", ".join(dict.fromkeys(written(op) for op in known)),
            },
        )
    if leaf.op in NO_VALUE:
        return leaf
    if leaf.op is Op.WITHIN:
        CHECKS["period"](leaf.values[0], ref, leaf.marks.value(0))
        return leaf
    check = CHECKS[ref.type_name]
    values = tuple(check(value, ref, leaf.marks.value(index)) for index, value in enumerate(leaf.values))
    _refuse_hidden_names(leaf, ref, scope)
    return replace(leaf, values=values)


def _refuse_hidden_names(leaf: Leaf, ref: FieldRef, scope: Scope) -> None:
    """Who may not see what records are called may not find them by it."""
    if ref.type_name != "relation" or all(isinstance(value, Id) for value in leaf.values):
        return
    if record_type(ref.field.target).title not in {field.slug for field in scope.fields(leaf.path)}:
        raise FilterError(
            N_("%(field)s can be asked by id only."), leaf.marks.value(0), words={"field": ".".join(leaf.path)}
        )


def written(op: Op) -> str:
    """The operator as it stands in text."""
    return "in" if op is Op.WITHIN else op.value
