"""Verbs of the activities room."""

from collections.abc import Sequence
from typing import Any

from rapport.activities.models import Note
from rapport.engine.collaboration.mentions import Ref, kept
from rapport.engine.events.act import Act
from rapport.engine.records.actions import create_record
from rapport.engine.records.registry import RecordType, record_type


def write_note(act: Act, rtype: RecordType, record: Any, *, text: str, refs: Sequence[Ref] = ()) -> Note:
    """Add a note to a record; `refs` are the records that were picked while it was written.

    Raises ValidationFailed for an empty one, NotAllowed where the record is out of reach.
    """
    values = {"text": kept(text, refs), "about_type": rtype.slug, "about_id": str(record.pk)}
    note: Note = create_record(act, record_type("notes"), values)
    return note
