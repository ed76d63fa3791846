"""From a tree to the ORM: only declared fields, only declared operators, values only as parameters."""

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from rapport.engine.events.actor import Actor
from rapport.engine.records.filters.bind import bind, said
from rapport.engine.records.filters.conditions import condition
from rapport.engine.records.filters.conditions.asked import Condition, Evaluation, Visible
from rapport.engine.records.filters.conditions.happened import changed, did, held
from rapport.engine.records.filters.conditions.made import asked_of, made
from rapport.engine.records.filters.conditions.reaching import reaching
from rapport.engine.records.filters.conditions.sql import IsNotTrue
from rapport.engine.records.filters.negations import AFFIRMED
from rapport.engine.records.filters.scope import FieldRef, Scope, ref_of
from rapport.engine.records.filters.spelled import refuse_too_much_said
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
)
from rapport.engine.records.registry import record_type

# An empty Q would vanish from a group, and so would its negation.
ANY_RECORD = Q(pk__isnull=False)


def compile_filter(tree: Node, scope: Scope, *, now: dt.datetime, zone: ZoneInfo, actor: Actor, visible: Visible) -> Q:
    """The condition for `scope.record_type.model`; relations reach only what `visible` gives of their target.

    `now` is aware; days begin in `zone`; `me` is the user behind `actor`. A missing value fulfils no condition but
    `is empty` and the negations. Raises FilterError as `bind` does.
    """
    if tree == EVERYTHING:
        return Q()
    evaluation = Evaluation(now=now, zone=zone, actor=actor, visible=visible)
    bound = bind(tree, scope)
    refuse_too_much_said(bound, scope)
    return Compiler(scope, evaluation).node(bound).q


def matches(
    tree: Node, scope: Scope, record_id: UUID, *, now: dt.datetime, zone: ZoneInfo, actor: Actor, visible: Visible
) -> bool:
    """Is this record among those that the filter finds? The same condition as for the whole table, for one row."""
    found = compile_filter(tree, scope, now=now, zone=zone, actor=actor, visible=visible)
    return visible(scope.record_type).filter(pk=record_id).filter(found).exists()


@dataclass(frozen=True)
class Compiler:
    """One tree, one evaluation."""

    scope: Scope
    evaluation: Evaluation

    def node(self, node: Node) -> Condition:
        if not isinstance(node, Group):
            return self.ask(node)
        children = [self.node(child) for child in node.children]
        join = and_ if isinstance(node, All) else or_
        joined = Condition(reduce(join, (child.q for child in children)), all(child.certain for child in children))
        return joined if isinstance(node, All | AnyOf) else denied(joined)

    def ask(self, node: Ask) -> Condition:
        match node:
            case Did(event, within, times, where):
                here = self.scope.record_type
                said = self.inside(self.scope.events(), where)
                return did(here, self.scope.happenings()[event], within, times, said, self.evaluation)
            case Changed(path, within):
                ref = self.scope.resolve(path)
                return self.through(ref, changed(ref.record_type, ref.field, within, self.evaluation))
            case Held(path, length):
                ref = self.scope.resolve(path)
                return self.through(ref, held(ref.record_type, ref.field, length, self.evaluation))
            case Among():
                return self.among(node)
            case _:
                return self.leaf(node)

    def leaf(self, leaf: Leaf) -> Condition:
        """`!=`, `!~`, `not in` and `is empty` are the negations of their opposites, over relations too."""
        ref = ref_of(leaf, self.scope)
        op = AFFIRMED.get(leaf.op, leaf.op)
        asked = asked_of(ref, op, leaf.values)
        if leaf.over:
            found = made(ref, asked, self.inside(self.scope.inside(ref), leaf.over.where), self.evaluation)
        else:
            found = condition(asked, self.evaluation)
        found = self.through(ref, found)
        return denied(found) if op is not leaf.op else found

    def among(self, among: Among) -> Condition:
        """As if what is kept stood here, or were asked of the records that a relation leads to."""
        ref, here = self.scope.reached(among.path)
        members = here.members(among)
        where = said(members, here, among)
        if members.rows is not None:
            found = Condition(members.rows, certain=True)
        elif where == EVERYTHING:
            found = Condition(ANY_RECORD, certain=True)
        else:
            found = Compiler(here.entering(members), self.evaluation).node(where)
        if ref is None:
            return found
        targets = self.evaluation.visible(here.record_type).filter(found.q)
        return self.through(ref, Condition(Q(reaching(ref.field, targets)), certain=True))

    def inside(self, scope: Scope, where: Node) -> Q:
        """The condition on other records, or on events."""
        return Q() if where == EVERYTHING else Compiler(scope, self.evaluation).node(where).q

    def through(self, ref: FieldRef, found: Condition) -> Condition:
        for hop in reversed(ref.hops):
            targets = self.evaluation.visible(record_type(hop.target)).filter(found.q)
            found = Condition(Q(reaching(hop, targets)), certain=True)
        return found


def denied(found: Condition) -> Condition:
    """The negation: true where the condition is false or unknown."""
    return Condition(~found.q if found.certain else Q(IsNotTrue(found.q)), certain=True)
