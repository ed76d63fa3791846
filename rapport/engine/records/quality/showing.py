"""Which rules and numbers somebody may know: none that tells of a field which their roles hide."""

from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import mask, may
from rapport.engine.records.quality.reading import Rule, quality_rules
from rapport.engine.records.registry import RecordType, find_record_type


def rules_seen(actor: Actor, rtype: RecordType) -> list[Rule]:
    """The rules in force of a type that an actor may know of."""
    return [rule for rule in quality_rules(rtype).every if knows(actor, rtype, rule.asks)]


def sees_scores(actor: Actor, rtype: RecordType) -> bool:
    """Whether somebody may know how good records are: a score tells a little of each field behind it."""
    return mask(actor, rtype).shows("quality")


def knows(actor: Actor, rtype: RecordType, slugs: frozenset[str]) -> bool:
    """Whether somebody sees fields of a type, and may read what those lead to."""
    allowed = mask(actor, rtype)
    return all(allowed.shows(slug) and _leads_where_they_read(actor, rtype, slug) for slug in slugs)


def _leads_where_they_read(actor: Actor, rtype: RecordType, slug: str) -> bool:
    field = rtype.field(slug)
    target = find_record_type(field.target) if field and field.target else None
    return target is None or may(actor, target, "read")
