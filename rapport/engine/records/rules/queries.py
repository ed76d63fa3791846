"""What pages and the API ask about rules."""

from dataclasses import dataclass
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.gate import mask, may
from rapport.engine.records.models import FieldRule
from rapport.engine.records.registry import RecordType, find_record_type
from rapport.engine.records.rules.reading import rules_of
from rapport.engine.records.rules.scope import asked_fields


@dataclass(frozen=True)
class Shown:
    """A live rule, and why it is off where it is."""

    row: FieldRule
    rtype: RecordType
    why_off: str = ""


def rules_seen(actor: Actor, rtype: RecordType, slug: str = "") -> list[Shown]:
    """The rules of a type, or of one of its fields, but for those about fields that are hidden from the actor."""
    rows = FieldRule.objects.filter(record_type=rtype.slug, deleted_at=None)
    rows = rows.filter(field=slug) if slug else rows
    return [shown for row in rows.order_by("created_at", "pk") if (shown := _shown(actor, rtype, row))]


def find_rule(actor: Actor, key: UUID) -> Shown | None:
    """A live rule that the actor may know of."""
    row = FieldRule.objects.filter(pk=key, deleted_at=None).first()
    rtype = find_record_type(row.record_type) if row else None
    return _shown(actor, rtype, row) if row and rtype and may(actor, rtype, "read") else None


def _shown(actor: Actor, rtype: RecordType, row: FieldRule) -> Shown | None:
    allowed = mask(actor, rtype)
    if not all(allowed.shows(slug) for slug in {row.field, *_asked(row)}):
        return None
    rules = rules_of(rtype)
    off = rules.off.get(row.pk) if rules else None
    return Shown(row, rtype, str(off) if off else "")


def _asked(row: FieldRule) -> frozenset[str]:
    try:
        return asked_fields(parse(row.condition))
    except FilterError:
        return frozenset()
