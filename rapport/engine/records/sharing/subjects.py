"""A share is part of the record that it is about: its entries in the journal stand on the timeline of that record."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from rapport.engine.events.images import type_name
from rapport.engine.events.journal import Subject, subjects_of
from rapport.engine.records.models import Share
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.timeline import PARTS

SHARES = type_name(Share)


def share_subjects(rows: Sequence[Any]) -> Mapping[UUID, list[Subject]]:
    """The record of each share."""
    types = {row.record_type: find_record_type(row.record_type) for row in rows}
    found = ((row, types[row.record_type]) for row in rows)
    return {row.pk: [Subject(rtype.journal_type, row.record_id, "parent")] for row, rtype in found if rtype}


subjects_of[SHARES] = share_subjects
PARTS.add(SHARES)
