"""Groups and totals as they stand in an address: `-created_at:month`, `revenue:sum,city:unique`."""

from collections.abc import Collection, Sequence
from functools import partial

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import visible
from rapport.engine.records.queries.summing import GROUPS, By, Measure, Total, Unit, totals_of
from rapport.engine.records.registry import RecordType, record_type

DATES = frozenset({"date", "datetime"})
MOST_TOTALS = 30


def read_by(rtype: RecordType, text: str, hidden: Collection[str], actor: Actor) -> By:
    """Read `stage` or `created_at:month`. Raises Invalid for what nobody, or not this reader, can group by."""
    slug, _colon, unit = text.partition(":")
    field = _field(rtype, slug, hidden)
    if field.type.name not in GROUPS:
        raise Invalid(_("Records cannot be grouped by “%(label)s”.") % {"label": field.label})
    if unit and (field.type.name not in DATES or unit not in [*Unit]):
        raise Invalid(_("“%(unit)s” is no stretch of time to group by.") % {"unit": unit[:60]})
    if field.type.name in DATES:
        return By(field, Unit(unit or Unit.MONTH))
    seen = partial(visible, actor)
    return By(field, among=seen(record_type(field.target)) if field.type.name == "relation" else None)


def read_measures(rtype: RecordType, text: str, hidden: Collection[str]) -> list[Measure]:
    """Read `revenue:sum,city:unique`, one for each field. Raises Invalid."""
    found: dict[str, Measure] = {}
    for part in [part for part in text.split(",") if part][:MOST_TOTALS]:
        slug, _colon, name = part.partition(":")
        field = _field(rtype, slug, hidden)
        offered = totals_for(rtype, field)
        if name not in offered:
            words = _("“%(total)s” cannot be made of “%(label)s”.")
            raise Invalid(words % {"total": name[:60], "label": field.label})
        found[slug] = Measure(Total(name), field)
    return list(found.values())


def totals_for(rtype: RecordType, field: Field) -> Sequence[Total]:
    """What the foot of a column offers: that of the title also how many records there are."""
    return (Total.COUNT, *totals_of(field)) if field.slug == rtype.title else totals_of(field)


def _field(rtype: RecordType, slug: str, hidden: Collection[str]) -> Field:
    field = rtype.field(slug)
    if field is None or slug in hidden:
        raise Invalid(_("There is no field “%(slug)s” here.") % {"slug": slug[:60]})
    return field
