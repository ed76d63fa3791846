"""What rules make of the fields that a page shows: which are hidden, which are needed and which are locked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import Invalid, ValidationFailed
from rapport.engine.records.fields import Reading
from rapport.engine.records.gate import mask
from rapport.engine.records.reading import reading_for
from rapport.engine.records.registry import RecordType
from rapport.engine.records.rules.judging import judge_for
from rapport.engine.records.rules.reading import rules_of
from rapport.engine.records.targets import Targets
from rapport.engine.records.values import complete, parse_one


@dataclass(frozen=True)
class Shape:
    """Fields by slug; why one is needed or locked in a sentence. `ruled` are all that rules may change."""

    ruled: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    needed: Mapping[str, str] = field(default_factory=dict)
    locked: Mapping[str, str] = field(default_factory=dict)


PLAIN = Shape()


def shape_of(actor: Actor, rtype: RecordType, row: Any, known: Mapping[str, Any]) -> Shape:
    """The fields of a record as they are; `known` are those of its values that were read already."""
    judge = judge_for(rtype, reading_for(actor))
    if judge is None:
        return PLAIN
    values = judge.of_row(row, known)
    needed = {slug: judge.why(rule) for slug, rule in judge.needed(values).items()}
    locked = {slug: judge.why(rule) for slug, rule in judge.locked(values).items()}
    return Shape(judge.rules.ruled, frozenset(judge.hidden(values)), needed, locked)


def shape_of_new(actor: Actor, rtype: RecordType, raw: Mapping[str, Any]) -> Shape:
    """The fields of a form for a new record, as far as it is filled in."""
    reading = reading_for(actor)
    judge = judge_for(rtype, reading)
    if judge is None:
        return PLAIN
    values = judge.of_new(_as_typed(rtype, raw, reading))
    needed = {slug: judge.why(rule) for slug, rule in judge.needed(values).items()}
    return Shape(judge.rules.ruled, frozenset(judge.hidden(values)), needed)


def is_decided_by(rtype: RecordType, slug: str) -> bool:
    """Whether another value of a field may show, hide, lock or ask for fields."""
    rules = rules_of(rtype)
    return rules is not None and slug in rules.decided_by


def _as_typed(rtype: RecordType, raw: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """The values of an unfinished form; what cannot be read yet counts as empty, and is told when the form is sent."""
    values, targets, allowed = {}, Targets(reading.actor), mask(reading.actor, rtype)
    for one in rtype.all_fields():
        given = raw.get(one.slug, one.default)
        if given is None or one.readonly or not allowed.lets_change(one.slug):
            continue
        try:
            values[one.slug] = parse_one(one, given, reading, targets, may_be_empty=True)
        except Invalid:
            values[one.slug] = one.type.empty
    try:
        return complete(rtype, None, values)
    except ValidationFailed:
        return values
