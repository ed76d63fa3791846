"""What each rule says of each record, judged in plain Python from values and the journal."""

from rapport.engine.events.models import JournalEntry
from rapport.engine.records.computed.working import evaluation
from rapport.engine.records.filters.holds import holds
from rapport.engine.records.filters.times import shifted
from rapport.engine.records.filters.values import Unit
from rapport.engine.records.models import Confirmation, RecordQuality
from rapport.engine.records.quality.reading import quality_rules
from rapport.engine.records.registry import record_type
from rapport.engine.records.rules.scope import rule_scope


def wanted(rtype, now=None):
    """By record: the score in all, by kind, and the failing rules."""
    return {row.pk: _judged(rtype, row, evaluation(now)) for row in rtype.rows().filter(deleted_at=None)}


def kept(rtype):
    rows = RecordQuality.objects.filter(record_type=rtype.slug)
    names = ("quality", "complete", "valid", "fresh")
    return {row.pk: (tuple(_int(getattr(row, name)) for name in names), set(row.failing)) for row in rows}


def _judged(rtype, row, asked):
    values = {field.slug: field.get(row) for field in rtype.all_fields()} | {"created_at": row.created_at}
    for field in rtype.all_fields():
        if field.target and values[field.slug] and not _is_live(field.target, values[field.slug]):
            values[field.slug] = None
    come_out = []
    for rule in quality_rules(rtype).every:
        if not holds(rule.applies, rule_scope(rtype), asked)(values):
            continue
        if rule.is_fresh:
            if rule.field.type.is_empty(values[rule.field.slug]):
                continue
            start = asked.clock.start_of(shifted(asked.clock.today, -rule.row.months, Unit.MONTH))
            good = _seen_at(rtype, row, rule.field) >= start
        else:
            good = holds(rule.good, rule_scope(rtype), asked)(values)
        come_out.append((rule, good))
    kinds = [None, "complete", "valid", "fresh"]
    scores = tuple(_score([(r, g) for r, g in come_out if kind in (None, r.row.kind)]) for kind in kinds)
    return scores, {rule.id for rule, good in come_out if not good}


def _is_live(slug, key):
    return record_type(slug).rows().filter(pk=key, deleted_at=None).exists()


def _score(come_out):
    every = sum(rule.row.weight for rule, _good in come_out)
    met = sum(rule.row.weight for rule, good in come_out if good)
    return int((1000 * met / every + 5) // 10) if every else None


def _seen_at(rtype, row, field):
    moments = [row.created_at]
    told = Confirmation.objects.filter(record_id=row.pk, field=field.slug, deleted_at=None)
    moments += told.values_list("created_at", flat=True)
    for entry in JournalEntry.objects.filter(about_id=row.pk, kind="changed").select_related("payload"):
        if field.column in entry.after:
            moments.append(entry.at)
    return max(moments)


def _int(value):
    return None if value is None else int(value)
