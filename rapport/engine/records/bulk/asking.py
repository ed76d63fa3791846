"""What is asked of many records: which deed, upon which of them, and how that would come out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models, transaction

from rapport.engine.events.actor import Actor
from rapport.engine.records.actions import values_of_change
from rapport.engine.records.bulk.changes import Change, values_upon
from rapport.engine.records.errors import Invalid, ValidationFailed
from rapport.engine.records.gate import Verb, reaches_all, visible, within_reach
from rapport.engine.records.links import Links, held, links_of
from rapport.engine.records.models import BulkRun
from rapport.engine.records.queries import count
from rapport.engine.records.queries.filtered import filtered
from rapport.engine.records.reading import reading_for
from rapport.engine.records.refusals import reason_of
from rapport.engine.records.registry import RecordType
from rapport.engine.records.values import Values

Deed = BulkRun.Deed
VERBS: dict[str, Verb] = {Deed.EDIT: "change", Deed.DELETE: "delete", Deed.RESTORE: "delete", Deed.CONFIRM: "change"}
EXAMPLES = 5


@dataclass(frozen=True)
class Ask:
    """A deed upon the records with these ids, or without ids upon all that match a filter at a moment."""

    deed: str
    now: datetime
    zone: ZoneInfo
    where: str = ""
    keys: tuple[UUID, ...] | None = None
    changes: tuple[Change, ...] = ()

    @property
    def verb(self) -> Verb:
        return VERBS[self.deed]


@dataclass(frozen=True)
class Example:
    """One record as it is and as it would be; or why it would stay as it is."""

    row: Any
    before: Values
    after: Values
    problem: str = ""


@dataclass(frozen=True)
class Preview:
    """How many records it is about, how many of those are the actor's to change, and the first of them."""

    total: int
    within: int
    examples: list[Example]

    @property
    def beyond(self) -> int:
        return self.total - self.within


def asked_rows(actor: Actor, rtype: RecordType, ask: Ask) -> "models.QuerySet[Any]":
    """The records it is about that the actor may see. Raises FilterError."""
    deleted = ask.deed == Deed.RESTORE
    if ask.keys is not None:
        return visible(actor, rtype, deleted=deleted).filter(pk__in=ask.keys)
    return filtered(actor, rtype, ask.where, now=ask.now, zone=ask.zone, deleted=deleted)


def preview(actor: Actor, rtype: RecordType, ask: Ask) -> Preview:
    """What would come of it, exactly counted. Raises FilterError."""
    rows = asked_rows(actor, rtype, ask)
    total = count(rows, exact=True).value
    reached = within_reach(actor, rtype, ask.verb, rows)
    is_all = not rtype.sees_as and reaches_all(actor, rtype, ask.verb)
    within = total if is_all else count(reached, exact=True).value
    return Preview(total, within, _examples(actor, rtype, ask, list(reached.order_by("pk")[:EXAMPLES])))


def _examples(actor: Actor, rtype: RecordType, ask: Ask, rows: Sequence[Any]) -> list[Example]:
    links = links_of([one.field for one in ask.changes], [row.pk for row in rows])
    with transaction.atomic():
        return [_example(actor, rtype, ask, row, links) for row in rows]


def _example(actor: Actor, rtype: RecordType, ask: Ask, row: Any, links: Links) -> Example:
    before = {one.field.slug: held(one.field, row, links) for one in ask.changes}
    try:
        values = values_upon(ask.changes, row, links, reading_for(actor))
        becomes = values_of_change(rtype, row, values, reading_for(actor)) if values else {}
    except (Invalid, ValidationFailed) as error:
        return Example(row, before, before, reason_of(error))
    return Example(row, before, before | {slug: becomes[slug] for slug in before.keys() & becomes.keys()})
