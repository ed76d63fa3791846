"""Binding a tree to what its names mean: every operator and value is checked against the type of its field.

The result is canonical: choices are slugs whether they were named by slug or label, text is text whether quoted or not.
"""

from dataclasses import replace

from rapport.engine.records.filters.checks import CHECKS
from rapport.engine.records.filters.conditions.happened import is_followed
from rapport.engine.records.filters.errors import N_, FilterError
from rapport.engine.records.filters.memberships import MEMBERSHIPS, Members, Tangled
from rapport.engine.records.filters.scope import FieldRef, Scope, nearest, ref_of
from rapport.engine.records.filters.text import quoted, subject_text
from rapport.engine.records.filters.tree import NO_VALUE, Among, Changed, Did, Held, Leaf, Node, Op, with_where
from rapport.engine.records.filters.values import Id
from rapport.engine.records.folding import fold
from rapport.engine.records.happenings import EVENTS
from rapport.engine.records.registry import record_type


def bind(tree: Node, scope: Scope) -> Node:
    """The tree with every leaf checked and its values made canonical. Binding twice is binding once.

    Raises FilterError that names the place and the mend.
    """
    match tree:
        case Leaf():
            return _bound(tree, ref_of(tree, scope), scope)
        case Did():
            return with_where(_known(tree, scope), lambda where: bind(where, scope.events()))
        case Changed() | Held():
            return _followed(tree, scope)
        case Among():
            _ref, here = scope.reached(tree.path, tree.marks)
            found = here.members(tree)
            said(found, here, tree)
            return replace(tree, named=Id(found.key))
        case _:
            return type(tree)(tuple(bind(child, scope) for child in tree.children))


def said(members: Members, scope: Scope, among: Among) -> Node:
    """The bound filter of what is kept, for whoever asks. Raises FilterError at the place where it is named."""
    if members.key not in scope.said:
        place = among.marks.value(0)
        try:
            scope.said[members.key] = bind(members.where, scope.entering(members))
        except Tangled as error:
            raise Tangled(error.sentence, place, words=error.words) from error
        except FilterError as error:
            words = {"noun": MEMBERSHIPS[among.of].noun, "name": members.name, "why": error}
            raise FilterError(N_("%(noun)s “%(name)s” cannot be asked. %(why)s"), place, words=words) from error
    return scope.said[members.key]


def _known(did: Did, scope: Scope) -> Did:
    known = scope.happenings()
    if did.event not in known:
        by_word = {fold(one.label): name for name, one in known.items()} | {name: name for name in known}
        near = nearest(did.event, by_word)
        raise FilterError(
            N_("%(what)s is nothing that happens to %(type)s."),
            did.marks.segment(0),
            suggestion=quoted(near) if near else "",
            words={"what": did.event, "type": str(scope.record_type.label_plural).lower()},
        )
    return did


def _followed(asked: Changed | Held, scope: Scope) -> Changed | Held:
    ref = scope.resolve(asked.path, asked.marks)
    if not is_told(ref):
        raise FilterError(
            N_("The journal does not tell when %(field)s changes."),
            asked.marks.whole_path,
            words={"field": ".".join(asked.path)},
        )
    return asked


def _bound(leaf: Leaf, ref: FieldRef, scope: Scope) -> Leaf:
    leaf = with_where(leaf, lambda where: bind(where, scope.inside(ref)))
    known = ref.operators
    if leaf.op not in known:
        raise FilterError(
            N_("%(field)s cannot be asked with %(op)s; it knows %(known)s."),
            leaf.marks.op,
            words={
                "field": subject_text(leaf),
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
    within, path = (scope.inside(ref), leaf.path[-1:]) if ref.related else (scope, leaf.path)
    if record_type(ref.field.target).title not in {field.slug for field in within.fields(path)}:
        raise FilterError(
            N_("%(field)s can be asked by id only."), leaf.marks.value(0), words={"field": subject_text(leaf)}
        )


def is_told(ref: FieldRef) -> bool:
    """Whether the journal tells when this field changes."""
    is_made_or_told = ref.function is not None or ref.record_type is EVENTS
    return not is_made_or_told and is_followed(ref.record_type, ref.field)


def written(op: Op) -> str:
    """The operator as it stands in text."""
    return "in" if op is Op.WITHIN else op.value
