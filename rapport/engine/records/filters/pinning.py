"""Names become ids before a filter is stored, so that it means the same when something is renamed."""

from dataclasses import replace

from rapport.engine.records.filters.conditions.asked import Visible
from rapport.engine.records.filters.conditions.pointers import called, with_addresses
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.scope import FieldRef, Scope, ref_of
from rapport.engine.records.filters.tree import Did, Group, Leaf, Node, with_where
from rapport.engine.records.filters.values import Id, Text, Value
from rapport.engine.records.registry import record_type


def pin(tree: Node, scope: Scope, *, visible: Visible) -> Node:
    """The bound tree with records and users by id. Costs a query for each name.

    Raises FilterError for a name that nothing visible has, or that several have.
    """
    if isinstance(tree, Group):
        return type(tree)(tuple(pin(child, scope, visible=visible) for child in tree.children))
    if isinstance(tree, Did):
        return with_where(tree, lambda where: pin(where, scope.events(), visible=visible))
    if not isinstance(tree, Leaf):
        return tree
    ref = ref_of(tree, scope)
    tree = with_where(tree, lambda where: pin(where, scope.inside(ref), visible=visible))
    if ref.type_name not in ("user", "relation"):
        return tree
    values = [_pinned(value, ref, visible, tree.marks.value(index)) for index, value in enumerate(tree.values)]
    return replace(tree, values=tuple(values))


def _pinned(value: Value, ref: FieldRef, visible: Visible, place: Place) -> Value:
    if not isinstance(value, Text):
        return value
    if ref.type_name == "user":
        rows = with_addresses([value.value])
    else:
        target = record_type(ref.field.target)
        rows = visible(target).filter(called(target, [value.value]))
    found = list(rows.values_list("pk", flat=True)[:2])
    if not found:
        raise FilterError(N_("Nothing here is called %(name)s."), place, words={"name": value.value})
    if len(found) > 1:
        raise FilterError(N_("Several are called %(name)s; choose one."), place, words={"name": value.value})
    return Id(found[0])
