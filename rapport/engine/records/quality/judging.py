"""Rules as conditions on the rows of their type: which of them apply to a record, and which it fails."""

from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, SmallIntegerField, Subquery, Value, When
from django.db.models.functions import Greatest
from django.db.models.lookups import GreaterThanOrEqual

from rapport.engine.records.filters.compile import ANY_RECORD, Compiler
from rapport.engine.records.filters.conditions.asked import Evaluation
from rapport.engine.records.filters.times import shifted
from rapport.engine.records.filters.tree import EVERYTHING, Leaf, Node, Op, both
from rapport.engine.records.filters.values import Unit
from rapport.engine.records.models import FieldSeen
from rapport.engine.records.quality.reading import Rule
from rapport.engine.records.registry import RecordType
from rapport.engine.records.rules.scope import rule_scope

NONE, MET, FAILED = 0, 1, 2  # the rule does not apply, or how it comes out


def state_of(rule: Rule, rtype: RecordType, evaluation: Evaluation) -> Case:
    """How a rule comes out for a row: NONE, MET or FAILED. What is unknown counts as false, as in every filter."""
    compiler = Compiler(rule_scope(rtype), evaluation)
    applies = _asked(compiler, _applying(rule))
    good = Q(_is_fresh(rule, evaluation)) if rule.is_fresh else _asked(compiler, rule.good)
    met, failed = When(applies & good, then=Value(MET)), When(applies, then=Value(FAILED))
    return Case(met, failed, default=Value(NONE), output_field=SmallIntegerField())


def failing_of(rule: Rule, rtype: RecordType, rows: "QuerySet[Any]", evaluation: Evaluation) -> "QuerySet[Any]":
    """Those of the rows that fail a rule at this moment."""
    found: QuerySet[Any] = rows.annotate(comes_out=state_of(rule, rtype, evaluation)).filter(comes_out=FAILED)
    return found


def seen_at(slug: str) -> Greatest:
    """When a field of a row was last given, changed or confirmed."""
    seen = FieldSeen.objects.filter(record_id=OuterRef("pk"), field=slug)
    return Greatest(F("created_at"), Subquery(seen.values_list(Greatest("changed_at", "confirmed_at"))[:1]))


def _is_fresh(rule: Rule, evaluation: Evaluation) -> "GreaterThanOrEqual[Any]":
    """A value counts until the day on which it is so many months old is over."""
    clock = evaluation.clock
    start = clock.start_of(shifted(clock.today, -(rule.row.months or 0), Unit.MONTH))
    return GreaterThanOrEqual(seen_at(rule.field.slug), start)


def _applying(rule: Rule) -> Node:
    """A value that is not there cannot be old."""
    return both(rule.applies, Leaf((rule.field.slug,), Op.FILLED)) if rule.is_fresh else rule.applies


def _asked(compiler: Compiler, node: Node) -> Q:
    return ANY_RECORD if node == EVERYTHING else compiler.node(node).q
