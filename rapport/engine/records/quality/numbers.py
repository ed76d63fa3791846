"""What the pages of quality say: how many records fail which rule, and how good they are, as far as somebody sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Avg, DecimalField, F, Func, IntegerField, QuerySet, Sum, UUIDField
from django.db.models import Count as CountRows

from rapport.engine.events.actor import Actor
from rapport.engine.records.bookkeeping import QUALITY
from rapport.engine.records.fields.computed import SideColumn
from rapport.engine.records.gate import mask, reaches_all, visible
from rapport.engine.records.models import QualityDay, RecordQuality
from rapport.engine.records.quality.belonging import rows_failing
from rapport.engine.records.quality.reading import Kind, Rule
from rapport.engine.records.quality.showing import rules_seen, sees_scores
from rapport.engine.records.queries.counting import CAP, Count
from rapport.engine.records.registry import RecordType

OWNERS = 8
DAYS = 180
COUNTED = "SELECT %s::uuid, count(*) FROM ({rows}) AS failing"
FAILING = SideColumn("record_quality", "failing", ArrayField(UUIDField()))


@dataclass(frozen=True)
class RuleNumbers:
    """A rule, and how many records fail it."""

    rule: Rule
    failing: Count

    @property
    def urgency(self) -> int:
        """What to mend first: many records that fail a rule of weight."""
        return self.rule.row.weight * self.failing.value


@dataclass(frozen=True)
class Average:
    """How good records are on the average, in all and by kind, and of how many this is said."""

    quality: Decimal | None
    kinds: dict[str, Decimal | None]
    records: int


@dataclass(frozen=True)
class OwnerNumbers:
    """How good the records of an owner are, and how often they fail a rule; None: those of nobody."""

    owner: UUID | None
    quality: Decimal | None
    records: int
    failures: int


def rules_by_urgency(actor: Actor, rtype: RecordType) -> list[RuleNumbers]:
    """The rules that an actor may know of, those first that most records of weight fail. One query for all counts."""
    rules = rules_seen(actor, rtype)
    counts = _counts(actor, rtype, rules)
    found = [RuleNumbers(rule, counts[rule.id]) for rule in rules]
    return sorted(found, key=lambda one: (-one.urgency, rules.index(one.rule)))


def average(actor: Actor, rtype: RecordType) -> Average | None:
    """How good the records that an actor sees are; None for whoever may not know scores."""
    if not sees_scores(actor, rtype):
        return None
    means = [Avg(name) for name in ("quality", *Kind.values)]
    found = _judged(actor, rtype).aggregate(*means, records=CountRows("pk"))
    kinds = {kind: found[f"{kind}__avg"] for kind in Kind.values}
    return Average(found["quality__avg"], kinds, found["records"])


def owners(actor: Actor, rtype: RecordType) -> list[OwnerNumbers]:
    """Whose records fail rules most often, for whoever sees owners, and the records of more than one."""
    owner = rtype.field("owner")
    if owner is None or not has_owners(actor, rtype):
        return []
    often = Func(FAILING, function="cardinality", output_field=IntegerField())
    score = SideColumn("record_quality", QUALITY.slug, DecimalField())
    rows = visible(actor, rtype).order_by().annotate(judged=score, often=often)
    found = rows.values_list(owner.column).annotate(
        quality=Avg("judged"), records=CountRows("pk"), failures=Sum("often")
    )
    most = found.order_by(F("failures").desc(nulls_last=True), owner.column)[:OWNERS]
    return [OwnerNumbers(key, quality, records, failures or 0) for key, quality, records, failures in most]


def has_owners(actor: Actor, rtype: RecordType) -> bool:
    """Whether records have owners, and somebody may know of these and of scores."""
    owner = rtype.field("owner")
    return owner is not None and mask(actor, rtype).shows(owner.slug) and sees_scores(actor, rtype)


def days(actor: Actor, rtype: RecordType) -> list[QualityDay]:
    """The average of each day, for whoever sees all records of a type."""
    if not reaches_all(actor, rtype, "read") or not sees_scores(actor, rtype):
        return []
    return list(QualityDay.objects.filter(record_type=rtype.slug).order_by("-day")[:DAYS])[::-1]


def _judged(actor: Actor, rtype: RecordType) -> "QuerySet[RecordQuality]":
    judged = RecordQuality.objects.filter(record_type=rtype.slug)
    if reaches_all(actor, rtype, "read"):
        return judged
    return judged.filter(record_id__in=visible(actor, rtype).order_by().values("pk"))


def _counts(actor: Actor, rtype: RecordType, rules: Sequence[Rule]) -> dict[UUID, Count]:
    """How many records that an actor sees fail each rule, each counted up to the cap, in one query."""
    if not rules:
        return {}
    asked = [_failing(actor, rtype, rule).values("pk")[: CAP + 1].query.sql_with_params() for rule in rules]
    text = " UNION ALL ".join(COUNTED.format(rows=statement) for statement, _values in asked)
    values: list[Any] = [value for rule, (_text, own) in zip(rules, asked, strict=True) for value in (rule.id, *own)]
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        found: dict[UUID, int] = dict(cursor.fetchall())
    return {key: Count(min(number, CAP), number <= CAP) for key, number in found.items()}


def _failing(actor: Actor, rtype: RecordType, rule: Rule) -> "QuerySet[Any]":
    """What is kept holds live records only, so that whoever sees all of them needs no other table."""
    if reaches_all(actor, rtype, "read"):
        kept: QuerySet[Any] = RecordQuality.objects.filter(record_type=rtype.slug, failing__contains=[rule.id])
        return kept
    found: QuerySet[Any] = visible(actor, rtype).order_by().filter(rows_failing(rtype, rule.id))
    return found
