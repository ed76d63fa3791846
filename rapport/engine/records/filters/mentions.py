"""Which fields a filter mentions, of the records themselves, of what they lead to and of those that point here."""

from collections.abc import Iterator
from dataclasses import dataclass

from rapport.engine.records.filters.scope import FieldRef, Scope, ref_of
from rapport.engine.records.filters.tree import Among, Changed, Did, Held, Leaf, Node, leaves
from rapport.engine.records.filters.values import Ident, Text, Value
from rapport.engine.records.registry import record_type


@dataclass(frozen=True)
class Mention:
    """A field of a record type, and the words that it is compared with."""

    record_type: str
    field: str
    words: frozenset[str] = frozenset()

    def is_of(self, slug: str, field: str, option: str = "") -> bool:
        """Whether this is a field of a type or, where an option is asked for, that option of it."""
        return (self.record_type, self.field) == (slug, field) and (not option or option in self.words)


def mentions(tree: Node, scope: Scope) -> Iterator[Mention]:
    """The fields in a bound tree. Raises FilterError where the tree no longer fits the fields there are."""
    for leaf in leaves(tree):
        match leaf:
            case Did():
                yield from mentions(leaf.where, scope.events())
            case Changed() | Held():
                yield from _along(scope.resolve(leaf.path), scope)
            case Among():
                ref, _here = scope.reached(leaf.path)
                if ref is not None:
                    yield from _along(ref, scope)
            case Leaf():
                ref = ref_of(leaf, scope)
                yield from _along(ref, scope, leaf.values)
                if leaf.over:
                    yield from mentions(leaf.over.where, scope.inside(ref))


def _along(ref: FieldRef, scope: Scope, values: tuple[Value, ...] = ()) -> Iterator[Mention]:
    """The field at the end of a path, and the relations that lead there."""
    here = scope.record_type
    for hop in ref.hops:
        yield Mention(here.slug, hop.slug)
        here = record_type(hop.target)
    if ref.related and ref.related.field:
        yield Mention(ref.related.record_type.slug, ref.related.field.slug)
    words = frozenset(value.value for value in values if isinstance(value, Text | Ident))
    yield Mention(ref.record_type.slug, ref.field.slug, words)
