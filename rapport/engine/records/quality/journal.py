"""Confirmations in the journal and in undo: they are about the record that they are of, and go where it goes."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.events.images import type_name
from rapport.engine.events.journal import Subject, subjects_of
from rapport.engine.events.undo.reach import limits
from rapport.engine.records.gate import within_reach
from rapport.engine.records.models import Confirmation, QualityRule
from rapport.engine.records.quality.seen import records_confirmed
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.timeline import PARTS

CONFIRMATIONS, RULES = type_name(Confirmation), type_name(QualityRule)


def subjects(rows: Sequence[Any]) -> dict[UUID, list[Subject]]:
    """The record that each confirmation is of, as what the entries belong to."""
    told = ((row, find_record_type(row.record_type)) for row in rows)
    return {row.pk: [Subject(rtype.journal_type, row.record_id, "parent")] for row, rtype in told if rtype}


def out_of_reach(actor: Actor, about_type: str, keys: Collection[UUID]) -> set[UUID]:
    """Rules for whoever is no administrator, and confirmations of records that the actor may not change."""
    if actor.kind == "system" or about_type not in (RULES, CONFIRMATIONS):
        return set()
    if about_type == RULES:
        return set() if actor.is_admin else set(keys)
    out: set[UUID] = set()
    for slug, records in records_confirmed(keys).items():
        rtype = find_record_type(slug)
        rows = within_reach(actor, rtype, "change", rtype.rows().filter(pk__in=records)) if rtype else None
        beyond = records - set(rows.values_list("pk", flat=True) if rows is not None else ())
        told = Confirmation.objects.filter(pk__in=keys, record_id__in=beyond)
        out |= set(told.values_list("pk", flat=True))
    return out


subjects_of[CONFIRMATIONS] = subjects
PARTS.add(CONFIRMATIONS)
limits.append(out_of_reach)
