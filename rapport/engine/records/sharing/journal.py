"""Shares in the journal: what is noted of one is about the record too that it shares, and stands on its timeline."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rapport.engine.events.images import type_name
from rapport.engine.events.journal import Subject, subjects_of
from rapport.engine.records.models import Share
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.timeline import PARTS

SHARES = type_name(Share)


def subjects(rows: Sequence[Any]) -> dict[UUID, list[Subject]]:
    """The record that each share is of, as what the entries belong to."""
    shared = ((row, find_record_type(row.record_type)) for row in rows)
    return {row.pk: [Subject(rtype.journal_type, row.record_id, "parent")] for row, rtype in shared if rtype}


subjects_of[SHARES] = subjects
PARTS.add(SHARES)
