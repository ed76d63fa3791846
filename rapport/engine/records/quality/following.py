"""Quality follows the journal: whatever changes a record, by whichever door, has it judged anew."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rapport.engine.events.act import Act
from rapport.engine.events.images import type_name
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.reactions import when
from rapport.engine.events.turns import take_turns
from rapport.engine.records.computed.ways import TooMany, leading_to
from rapport.engine.records.definitions import check_again
from rapport.engine.records.models import Confirmation, QualityRule
from rapport.engine.records.quality.filling import begin, fill_quality
from rapport.engine.records.quality.reading import judged_types, quality_rules
from rapport.engine.records.quality.seen import note_changes, note_confirmations, records_confirmed
from rapport.engine.records.quality.working import TURN, rescore
from rapport.engine.records.registry import RecordType, by_journal_type, find_record_type

CONFIRMATIONS, RULES = type_name(Confirmation), type_name(QualityRule)


@when("changed", replay=True, label=_("Quality of what changes"))
def keep_seen(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Keep when fields were changed, and judge their records anew."""
    check_again()
    take_turns(TURN)
    for rtype, some in _by_type(entries):
        note_changes(rtype, some)
        rescore(rtype, _keys(some))


@when("created", "deleted", "restored", values=False, label=_("Quality of what comes and goes"))
def keep_quality(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Judge what is new or back, drop what went, and judge those that pointed at it."""
    check_again()
    take_turns(TURN)
    for rtype, some in _by_type(entries):
        rescore(rtype, _keys(some))
        begin(rtype)
    _follow_pointers([one for one in entries if one.kind != "created"])
    for slug, records in records_confirmed(_keys(one for one in entries if one.about_type == CONFIRMATIONS)).items():
        note_confirmations(records)
        if (told := find_record_type(slug)) is not None:
            rescore(told, records)


@when("created", "changed", "deleted", "restored", about=[RULES], replay=True, values=False, label=_("Quality rules"))
def keep_rules(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Judge all records of a type anew when its rules change."""
    rows = QualityRule.objects.filter(pk__in=_keys(entries))
    for slug in rows.values_list("record_type", flat=True).distinct():
        fill_quality.defer_once(slug, slug)


def _by_type(entries: Iterable[JournalEntry]) -> list[tuple[RecordType, list[JournalEntry]]]:
    """The entries about records of types that have rules."""
    found: dict[str, list[JournalEntry]] = defaultdict(list)
    for entry in entries:
        if entry.about_id:
            found[entry.about_type].append(entry)
    types = [(by_journal_type(name), some) for name, some in found.items()]
    return [(rtype, some) for rtype, some in types if rtype and quality_rules(rtype).every]


def _keys(entries: Iterable[JournalEntry]) -> set[UUID]:
    return {entry.about_id for entry in entries if entry.about_id}


def _follow_pointers(entries: Sequence[JournalEntry]) -> None:
    """A relation to what was deleted leads nowhere, and leads there again once it is back."""
    for name in {entry.about_type for entry in entries}:
        target = by_journal_type(name)
        keys = _keys(one for one in entries if one.about_type == name)
        for rtype in judged_types() if target else ():
            _judge_pointing(rtype, target.slug if target else "", keys)


def _judge_pointing(rtype: RecordType, target: str, keys: Collection[UUID]) -> None:
    for slug in quality_rules(rtype).asks:
        field = rtype.field(slug)
        if field is None or field.type.name != "relation" or field.target != target:
            continue
        try:
            rescore(rtype, set(leading_to((field,), rtype, keys)))
        except TooMany:
            fill_quality.defer_once(rtype.slug, rtype.slug)
