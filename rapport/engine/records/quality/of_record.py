"""How good one record is at this moment, and what there is to mend."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField, Value

from rapport.engine.events.actor import Actor
from rapport.engine.records.computed.working import evaluation
from rapport.engine.records.quality.judging import FAILED, MET, NONE, seen_at, state_of
from rapport.engine.records.quality.reading import Rule, quality_rules
from rapport.engine.records.quality.showing import rules_seen, sees_scores
from rapport.engine.records.registry import RecordType


@dataclass(frozen=True)
class Failing:
    """A rule that a record fails; of one about freshness, when the value was last changed or confirmed."""

    rule: Rule
    seen: dt.datetime | None = None


@dataclass(frozen=True)
class Judged:
    """The score, None for whoever may not know it, and the rules that fail as far as they may be known."""

    score: int | None
    failing: list[Failing]


def judge(actor: Actor, rtype: RecordType, row: Any) -> Judged | None:
    """Judge a record by its rules now; None where none applies that the actor may know of. One query."""
    rules = rules_seen(actor, rtype)
    if not rules:
        return None
    asked = evaluation()
    told = [one for rule in rules for one in (state_of(rule, rtype, asked), _moment(rule))]
    found = rtype.rows().filter(pk=row.pk).order_by().values_list(*told).first() or ()
    come_out = list(zip(rules, found[::2], found[1::2], strict=False))
    if all(state == NONE for _rule, state, _at in come_out):
        return None
    is_whole = len(rules) == len(quality_rules(rtype).every) and sees_scores(actor, rtype)
    score = _score((rule.row.weight, state) for rule, state, _at in come_out) if is_whole else None
    return Judged(score, [Failing(rule, at) for rule, state, at in come_out if state == FAILED])


def _moment(rule: Rule) -> Any:
    return seen_at(rule.field.slug) if rule.is_fresh else Value(None, DateTimeField())


def _score(come_out: Iterable[tuple[int, int]]) -> int:
    """As the kept scores are worked out: halves go up."""
    counted = [(weight, state) for weight, state in come_out if state != NONE]
    met, every = sum(weight for weight, state in counted if state == MET), sum(weight for weight, _state in counted)
    return (200 * met + every) // (2 * every)
