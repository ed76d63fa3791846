"""Working out how good records are, as sets: what the kept numbers say is what the rules say of the rows."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models

from rapport.engine.records.computed.working import evaluation as house_evaluation
from rapport.engine.records.filters.conditions.asked import Evaluation
from rapport.engine.records.models import RecordQuality
from rapport.engine.records.quality.judging import FAILED, MET, NONE, state_of
from rapport.engine.records.quality.reading import Kind, Rule, quality_rules
from rapport.engine.records.registry import RecordType
from rapport.engine.records.search.documents import Listed

# Said by the slices of a job and by who follows the journal: of two, the later sees what the earlier wrote.
TURN = "quality of records"
KEPT = ("quality", *Kind.values, "failing")
# Only what differs is written, in the order of ids, so that two writers never wait for each other in a circle.
WRITE = """
INSERT INTO record_quality AS kept (record_id, record_type, {columns})
SELECT made.record_id, %s, {made} FROM ({judged}) AS made (record_id{states})
LEFT JOIN record_quality AS old USING (record_id)
WHERE old.record_id IS NULL OR ROW({made}) IS DISTINCT FROM ROW({old}) ORDER BY 1
ON CONFLICT (record_id) DO UPDATE SET {set}
"""
SHARE = "round(100.0 * ({met}) / nullif({all}, 0))"


def rescore(rtype: RecordType, keys: Collection[UUID], evaluation: Evaluation | None = None) -> None:
    """Work out anew how good these records of a type are. What is said of deleted ones goes."""
    if keys:
        rescore_rows(rtype, rtype.rows().filter(pk__in=Listed(keys)), evaluation)
        gone = rtype.rows().filter(pk__in=Listed(keys)).exclude(deleted_at=None)
        RecordQuality.objects.filter(record_id__in=gone.values("pk")).delete()


def rescore_rows(rtype: RecordType, rows: "models.QuerySet[Any]", evaluation: Evaluation | None = None) -> int:
    """As `rescore`, for the live ones among the records that a queryset gives. Returns how many came out otherwise."""
    rules = quality_rules(rtype).every
    asked = evaluation or house_evaluation()
    states = [state_of(rule, rtype, asked) for rule in rules]
    judged = rows.filter(deleted_at=None).order_by().values_list("pk", *states)
    statement, values = judged.query.sql_with_params()
    text, ids = _statement(rules, statement)
    with connection.cursor() as cursor:
        cursor.execute(text, [rtype.slug, *ids, *values, *ids])
        changed: int = cursor.rowcount
    return changed


def _statement(rules: Sequence[Rule], judged: str) -> tuple[str, list[UUID]]:
    """The statement, with places for the ids of the rules wherever they are said."""
    kinds: dict[str, list[str]] = {kind: [] for kind in ("", *Kind.values)}
    for index, rule in enumerate(rules):
        kinds[""].append(f"s{index}")
        kinds[rule.row.kind].append(f"s{index}")
    weights = {f"s{index}": rule.row.weight for index, rule in enumerate(rules)}
    shares = [_share({name: weights[name] for name in names}) for names in kinds.values()]
    failing = [f"CASE WHEN s{index} = {FAILED} THEN %s::uuid END" for index in range(len(rules))]
    made = [*shares, f"array_remove(ARRAY[{', '.join(failing)}]::uuid[], NULL)"]
    text = WRITE.format(
        columns=", ".join(KEPT),
        made=", ".join(made),
        judged=judged,
        states="".join(f", {name}" for name in weights),
        old=", ".join(f"old.{name}" for name in KEPT),
        set=", ".join(f"{name} = excluded.{name}" for name in KEPT),
    )
    return text, [rule.id for rule in rules]


def _share(weights: dict[str, int]) -> str:
    """The weighted share of the rules met of those that apply, in percent; null where none does."""
    if not weights:
        return "NULL::numeric"
    met = " + ".join(f"CASE {name} WHEN {MET} THEN {weight} ELSE 0 END" for name, weight in weights.items())
    every = " + ".join(f"CASE {name} WHEN {NONE} THEN 0 ELSE {weight} END" for name, weight in weights.items())
    return SHARE.format(met=met, all=every)
