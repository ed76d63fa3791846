"""Rules asked of the values of one record: what is hidden, needed and locked, and which change they refuse."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.fields import Field, Reading
from rapport.engine.records.filters.conditions.asked import Evaluation
from rapport.engine.records.filters.describe import sentence
from rapport.engine.records.filters.holds import Holds, holds
from rapport.engine.records.filters.tree import EVERYTHING
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.queries.filtered import names_in
from rapport.engine.records.registry import RecordType
from rapport.engine.records.rules.reading import Kind, Rule, Rules, rules_of
from rapport.engine.records.rules.scope import rule_scope

Values = Mapping[str, Any]


def judge_for(rtype: RecordType, reading: Reading) -> "Judge | None":
    """Who judges the records of a type by its rules; None where it has none."""
    rules = rules_of(rtype)
    return Judge(rules, reading) if rules else None


class Judge:
    """The rules of a type for one actor, now."""

    def __init__(self, rules: Rules, reading: Reading) -> None:
        self.rules = rules
        self._rtype = rules.rtype
        self._actor: Actor = reading.actor
        self._allowed = mask(reading.actor, rules.rtype)
        self._now = timezone.now()
        scope = rule_scope(rules.rtype)
        asked = Evaluation(self._now, reading.zone, reading.actor, partial(visible, reading.actor))
        self._tests: dict[int, Holds] = {id(rule): holds(rule.tree, scope, asked) for rule in rules.every}
        self.fields = [one for slug in sorted(rules.asks) if (one := rules.rtype.field(slug)) is not None]
        self._words: dict[int, str] = {}

    def of_new(self, values: Values) -> dict[str, Any]:
        """What rules ask of a new record: the values given, and who makes it when."""
        made: dict[str, Any] = {"created_at": self._now, "changed_at": self._now}
        made |= {"created_by": self._actor.user_id, "changed_by": self._actor.user_id}
        return {one.slug: _value(one, values, made.get(one.slug, one.type.empty)) for one in self.fields}

    def of_row(self, row: Any, known: Values | None = None) -> dict[str, Any]:
        """What rules ask of a record as it is; `known` values, of relations kept elsewhere, cost no query."""
        known = known or {}
        return {one.slug: known[one.slug] if one.slug in known else one.get(row) for one in self.fields}

    def after(self, before: Values, changes: Values) -> dict[str, Any]:
        """The same once a change is written."""
        return {one.slug: _value(one, changes, before[one.slug]) for one in self.fields}

    def hidden(self, values: Values) -> set[str]:
        """The fields that are not to be seen on a record with these values."""
        return {rule.field.slug for rule in self.rules.of(Kind.VISIBLE) if not self._holds(rule, values)}

    def needed(self, values: Values) -> dict[str, Rule]:
        """The fields that may not be empty, each with the rule that says so."""
        hidden = self.hidden(values)
        rules = (one for one in self.rules.of(Kind.REQUIRED) if one.field.slug not in hidden)
        return {rule.field.slug: rule for rule in rules if self._holds(rule, values)}

    def locked(self, values: Values) -> dict[str, Rule]:
        """The fields that cannot be changed, each with the rule that says so."""
        return {rule.field.slug: rule for rule in self.rules.of(Kind.READONLY) if self._holds(rule, values)}

    def wrong_with_new(self, values: Values, *, besides: Iterable[str] = ()) -> dict[str, str]:
        """What a new record lacks, by slug; fields `besides` are known to come."""
        asked = self.of_new(values)
        missing = [rule for slug, rule in self.needed(asked).items() if slug not in besides]
        return self._told([rule for rule in missing if rule.field.type.is_empty(asked[rule.field.slug])])

    def wrong_with_change(self, row: Any, changes: Values, known: Values | None = None) -> dict[str, str]:
        """Why a change is refused, by slug. What a record lacked before is asked only when the change touches it.

        A change touches what a rule asks: its field, the fields of its condition, and those that decide whether the
        field is to be seen.
        """
        before = self.of_row(row, known)
        after = self.after(before, changes)
        touched = {one.slug for one in self.fields if _differ(one, before[one.slug], after[one.slug])}
        if not touched:
            return {}
        wrong = [rule for slug, rule in self.locked(before).items() if slug in touched]
        for slug, rule in self.needed(after).items():
            if rule.field.type.is_empty(after[slug]) and not touched.isdisjoint(self._decides(rule)):
                wrong.append(rule)
        return self._told(wrong)

    def why(self, rule: Rule) -> str:
        """The sentence of a rule that refuses something, worked out once."""
        if id(rule) not in self._words:
            self._words[id(rule)] = refusal(rule, self._rtype, self._actor)
        return self._words[id(rule)]

    def _told(self, wrong: Iterable[Rule]) -> dict[str, str]:
        """Sentences by field. Of a field that the role hides neither slug nor label is told."""
        told: dict[str, str] = {}
        for rule in wrong:
            if self._allowed.shows(rule.field.slug):
                told.setdefault(rule.field.slug, self.why(rule))
            else:
                shown = (slug for slug in sorted(rule.asks) if self._allowed.shows(slug))
                said = _("This needs something that your role does not show. Ask an administrator.")
                told.setdefault(next(shown, self._rtype.title), said)
        return told

    def _decides(self, rule: Rule) -> set[str]:
        shown = (one.asks for one in self.rules.of(Kind.VISIBLE, rule.field.slug))
        return set(rule.asks).union(*shown)

    def _holds(self, rule: Rule, values: Values) -> bool:
        return self._tests[id(rule)](values)


def check_new(rtype: RecordType, values: Values, reading: Reading) -> None:
    """Refuse a new record that lacks what a rule wants. Raises ValidationFailed."""
    judge = judge_for(rtype, reading)
    if judge and (wrong := judge.wrong_with_new(values)):
        raise ValidationFailed(wrong)


def check_change(rtype: RecordType, row: Any, changes: Values, reading: Reading) -> None:
    """Refuse a change that rules forbid. Raises ValidationFailed."""
    judge = judge_for(rtype, reading)
    if judge and (wrong := judge.wrong_with_change(row, changes)):
        raise ValidationFailed(wrong)


def refusal(rule: Rule, rtype: RecordType, actor: Actor) -> str:
    """What a rule forbids and while what holds, unless the role hides a field of the condition."""
    said = condition_words(rule, rtype, actor)
    words = {"label": rule.field.label, "condition": said}
    if rule.kind == Kind.READONLY:
        return (
            _("“%(label)s” cannot be changed while %(condition)s.") if said else _("“%(label)s” is locked.")
        ) % words
    return (
        _("“%(label)s” cannot be empty while %(condition)s.") if said else _("“%(label)s” cannot be empty.")
    ) % words


def condition_words(rule: Rule, rtype: RecordType, actor: Actor) -> str:
    """The condition as a part of a sentence; empty where the actor may not know it."""
    allowed = mask(actor, rtype)
    if rule.tree == EVERYTHING or not all(allowed.shows(slug) for slug in rule.asks):
        return ""
    scope = rule_scope(rtype)
    return sentence(rule.tree, scope, names_in(actor, rule.tree, scope))


def _value(field: Field, given: Values, otherwise: Any) -> Any:
    """A field's value among those given; of one that is made from an entry, what will be made."""
    if field.part_of:
        source, part = field.part_of
        if source not in given:
            return otherwise
        return (given[source][0].get(part) or field.type.empty) if given[source] else field.type.empty
    return given.get(field.slug, otherwise)


def _differ(field: Field, old: Any, new: Any) -> bool:
    if field.type.is_empty(old) and field.type.is_empty(new):
        return False
    return bool(old != new)
