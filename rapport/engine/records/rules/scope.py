"""What the condition of a rule may ask: fields of the record itself whose values are known when it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from rapport.engine.events.actor import Actor
from rapport.engine.records.bookkeeping import BOOKKEEPING
from rapport.engine.records.fields import Field
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.errors import N_, FilterError
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.pinning import pin
from rapport.engine.records.filters.scope import FieldRef, RecordScope
from rapport.engine.records.filters.tree import UNMARKED, Function, Leaf, Marks, Node, Op, leaves, normal
from rapport.engine.records.gate import visible
from rapport.engine.records.happenings import Happening
from rapport.engine.records.registry import RecordType
from rapport.engine.records.related import Related

WRITTEN = frozenset(field.slug for field in BOOKKEEPING)


@dataclass(frozen=True)
class OwnRef(FieldRef):
    """A field of the record itself; hierarchies are no matter of its values."""

    @property
    def operators(self) -> tuple[Op, ...]:
        return tuple(op for op in super().operators if op is not Op.UNDER)


@dataclass(frozen=True)
class OwnScope(RecordScope):
    """The fields of a record, without what they lead to and without the journal."""

    def resolve(self, path: tuple[str, ...], marks: Marks = UNMARKED, *, function: Function | None = None) -> FieldRef:
        if function is not None or len(path) > 1:
            raise FilterError(N_("A rule asks only fields of the record itself."), marks.whole_path)
        field = self.record_type.field(path[0])
        if field is not None and not is_known(field):
            raise FilterError(
                N_("%(field)s is worked out after a record is written, so no rule can ask it."),
                marks.whole_path,
                words={"field": path[0]},
            )
        ref = super().resolve(path, marks)
        return OwnRef(ref.field, ref.record_type)

    @property
    def leads_on(self) -> bool:
        return False

    def related(self, path: tuple[str, ...] = ()) -> Mapping[str, Related]:
        return {}

    def happenings(self) -> Mapping[str, Happening]:
        return {}


def rule_scope(rtype: RecordType) -> OwnScope:
    """The scope of every rule of a type: rules are for all, whatever a role hides."""
    return OwnScope(rtype, lambda _rtype, field: is_known(field))


def is_known(field: Field) -> bool:
    """Whether the value is known when a record is written: given by somebody, or made from what was given."""
    return not field.readonly or bool(field.part_of) or field.slug in WRITTEN


def read_condition(rtype: RecordType, text: str, actor: Actor) -> Node:
    """The condition of a rule as it is kept: bound, and with names as ids. Raises FilterError."""
    tree = parse(text)
    if not text.strip():
        raise FilterError(N_("Write when the rule holds."))
    return pin(bound(rtype, tree), rule_scope(rtype), visible=partial(visible, actor))


def bound(rtype: RecordType, tree: Node) -> Node:
    """A condition bound to the fields of a type. Raises FilterError for what no rule can ask."""
    for leaf in leaves(tree):
        if not isinstance(leaf, Leaf) or leaf.over:
            raise FilterError(N_("A rule asks only fields of the record itself."), leaf.marks.whole_path)
    return normal(bind(tree, rule_scope(rtype)))


def asked_fields(tree: Node) -> frozenset[str]:
    """The slugs that a condition asks."""
    return frozenset(leaf.path[0] for leaf in leaves(tree) if isinstance(leaf, Leaf))
