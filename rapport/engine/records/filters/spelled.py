"""What a filter says once all that it names is spelled out: how much that asks, and how it reads to people."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from rapport.engine.records.filters.bind import said
from rapport.engine.records.filters.errors import NOWHERE, FilterError
from rapport.engine.records.filters.limits import refuse_weight
from rapport.engine.records.filters.memberships import Members
from rapport.engine.records.filters.scope import Scope, ref_of
from rapport.engine.records.filters.tree import (
    EVERYTHING,
    Among,
    Ask,
    Did,
    Group,
    Leaf,
    Node,
    leaves,
    own_cost,
    where_of,
    with_where,
)
from rapport.engine.records.filters.values import Text


@dataclass(frozen=True, slots=True)
class Weight:
    """How many conditions, how deep, and how much work for the database."""

    count: int
    depth: int
    cost: int


NOTHING = Weight(0, 0, 0)


def refuse_too_much_said(tree: Node, scope: Scope) -> None:
    """Raises FilterError for a bound tree that asks for too much once the filters that it names are spelled out."""
    named = next(all_among(tree), None)
    if named is not None:
        whole = _weight(tree, scope, {})
        refuse_weight(whole.count, whole.depth, whole.cost, named.marks.value(0) if named.marks.values else NOWHERE)


def all_among(tree: Node) -> Iterator[Among]:
    """Every condition that names something kept, those on other records included."""
    for leaf in leaves(tree):
        if isinstance(leaf, Among):
            yield leaf
        yield from all_among(where_of(leaf)) if where_of(leaf) != EVERYTHING else ()


def named_in(tree: Node, scope: Scope) -> Iterator[Members]:
    """What a bound tree names, that on other records included; not what those name in turn."""
    for leaf in leaves(tree):
        if isinstance(leaf, Among):
            yield scope.reached(leaf.path)[1].members(leaf)
        elif (where := where_of(leaf)) != EVERYTHING:
            yield from named_in(where, _scope_of_where(leaf, scope))


def with_names(tree: Node, scope: Scope) -> Node:
    """The bound tree with what is kept by its name, wherever the reader means that very one by it."""
    match tree:
        case Group(children):
            return type(tree)(tuple(with_names(child, scope) for child in children))
        case Among():
            return _called(tree, scope.reached(tree.path)[1])
        case Leaf() | Did():
            return with_where(tree, lambda where: with_names(where, _scope_of_where(tree, scope)))
        case _:
            return tree


def _called(among: Among, here: Scope) -> Among:
    found = here.members(among)
    by_name = replace(among, named=Text(found.name))
    try:
        is_plain = here.members(by_name).key == found.key
    except FilterError:
        return among
    return by_name if is_plain else among


def _weight(tree: Node, scope: Scope, known: dict[UUID, Weight]) -> Weight:
    if not isinstance(tree, Group):
        inner = _inner_weight(tree, scope, known)
        depth = inner.depth + 1 if inner is not NOTHING else 0
        return Weight(1 + inner.count, depth, own_cost(tree) + inner.cost)
    parts = [_weight(child, scope, known) for child in tree.children]
    depth = 1 + max((one.depth for one in parts), default=0)
    return Weight(sum(one.count for one in parts), depth, sum(one.cost for one in parts))


def _inner_weight(leaf: Ask, scope: Scope, known: dict[UUID, Weight]) -> Weight:
    """The weight of what a condition says of others. What is named again weighs again, but is looked at once."""
    if not isinstance(leaf, Among):
        where = where_of(leaf)
        return NOTHING if where == EVERYTHING else _weight(where, _scope_of_where(leaf, scope), known)
    _ref, here = scope.reached(leaf.path)
    members = here.members(leaf)
    if members.key not in known:
        where = said(members, here, leaf)
        known[members.key] = NOTHING if where == EVERYTHING else _weight(where, here.entering(members), known)
    return known[members.key]


def _scope_of_where(leaf: Ask, scope: Scope) -> Scope:
    return scope.inside(ref_of(leaf, scope)) if isinstance(leaf, Leaf) else scope.events()
