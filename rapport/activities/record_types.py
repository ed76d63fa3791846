"""How notes appear everywhere."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as __

from rapport.activities.models import Note
from rapport.engine.collaboration.mentions import kept
from rapport.engine.collaboration.seeing import about_of, refuse_unseen
from rapport.engine.events.journal import Subject
from rapport.engine.records.declare import field
from rapport.engine.records.registry import RecordType, record_type, register


def note_subjects(rows: Sequence[Note]) -> Mapping[UUID, list[Subject]]:
    """A note belongs to the record it is about."""
    return {row.pk: [Subject(record_type(row.about_type).journal_type, row.about_id, "parent")] for row in rows}


def complete_note(row: Note | None, values: dict[str, Any]) -> dict[str, Any]:
    """Mentions as ids, of those who can see what the note is about."""
    if "text" not in values:
        return values
    text = kept(values["text"])
    refuse_unseen(text, *about_of(row, values))
    return values | {"text": text}


NoteType = register(
    RecordType(
        slug="notes",
        model=Note,
        label=__("note"),
        label_plural=__("notes"),
        icon="note",
        section=None,
        title="text",
        sees_as="*",
        parent_column="about_id",
        fields=[
            field("text", __("Note"), "long_text", required=True, search=True, personal="content"),
            field("about_type", __("About (type)"), "text", required=True, immutable=True),
            field("about_id", __("About (id)"), "text", required=True, immutable=True),
        ],
        columns=("text", "about_type", "about_id"),
        subjects=note_subjects,
        complete=complete_note,
    )
)
