"""Working values out: the formulas of records, and what follows from them, each after those that it builds on."""

from collections.abc import Collection, Iterable, Mapping, Set
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from rapport.engine.events.actor import SYSTEM
from rapport.engine.records.computed import side
from rapport.engine.records.computed.graph import Formula, Key, graph
from rapport.engine.records.computed.ways import TooMany, leading_to
from rapport.engine.records.definitions import definitions
from rapport.engine.records.filters.conditions.asked import Evaluation
from rapport.engine.records.formulas.compile import worked_out
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import RecordType
from rapport.engine.records.search.documents import Listed

Touched = dict[Key, set[UUID]]
# Said by the slices of a job and by who follows the journal: of two, the later sees what the earlier wrote.
TURN = "computed fields"
NOBODY: Mapping[str, Set[UUID]] = {}


def work_out(formula: Formula, keys: Collection[UUID]) -> set[UUID]:
    """Write the value of a formula for these records of its type. Returns those whose value changed."""
    return work_out_rows(formula, formula.record_type.rows().filter(pk__in=Listed(keys))) if keys else set()


def work_out_rows(formula: Formula, rows: "models.QuerySet[Any]") -> set[UUID]:
    """As `work_out`, for the records that a queryset gives."""
    value = worked_out(formula.bound, formula.scope, evaluation())
    return side.write([formula.field], rows.order_by().annotate(worked_out=value).values_list("pk", "worked_out"))


def work_out_all(touched: Touched, told: Mapping[str, Set[UUID]] = NOBODY) -> set[Key]:
    """Work out what was touched, and what follows from what changed. Returns the formulas of which too much did.

    `told` are the records, by type, that the journal names: who wrote them may have settled them already, so what
    follows from them is worked out even where their own values do not change any more.
    """
    too_many: set[Key] = set()
    for formula in graph().formulas.values():
        keys = touched.pop(formula.key, set())
        if not keys or formula.key in too_many or not has_column(formula):
            continue
        changed = work_out(formula, keys) | (keys & told.get(formula.record_type.slug, set()))
        too_many |= spread(formula, changed, touched)
    return too_many


def spread(formula: Formula, changed: Collection[UUID], touched: Touched) -> set[Key]:
    """Add to what is touched the records whose formulas use this one. Returns formulas with too many of them."""
    too_many: set[Key] = set()
    for other, one in graph().following(formula.record_type, formula.field.slug) if changed else ():
        try:
            found = leading_to(one.way, other.record_type, changed)
            touched.setdefault(other.key, set()).update(found)
        except TooMany:
            too_many.add(other.key)
    return too_many


def settle(rtype: RecordType, keys: Iterable[UUID]) -> None:
    """Work out the formulas of records that were just written, so that whoever wrote them sees what follows.

    What follows for other records is worked out when the journal tells.
    """
    for formula in graph().of(rtype):
        if has_column(formula):
            work_out(formula, list(keys))


def has_column(formula: Formula) -> bool:
    """Whether there is a place for the values yet."""
    return formula.field.computed is not None and formula.field.computed.has_column


def evaluation(now: datetime | None = None) -> Evaluation:
    """Formulas see all that is there, and days begin in the zone of the house."""
    zone = definitions().organisation.zone
    return Evaluation(now=now or timezone.now(), zone=zone, actor=SYSTEM, visible=partial(visible, SYSTEM))
