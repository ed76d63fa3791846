"""How notes and tasks appear everywhere."""

from typing import Any

from django.utils.translation import gettext_lazy as __

from rapport.activities.models import Note, Task
from rapport.engine.collaboration.mentions import kept
from rapport.engine.collaboration.record_types import about_subjects
from rapport.engine.collaboration.seeing import about_of, refuse_unseen
from rapport.engine.records.declare import field
from rapport.engine.records.registry import RecordType, register


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
        subjects=about_subjects,
        complete=complete_note,
    )
)

TaskType = register(
    RecordType(
        slug="tasks",
        model=Task,
        label=__("task"),
        label_plural=__("tasks"),
        icon="task",
        section=None,
        title="title",
        sees_as="*",
        parent_column="about_id",
        fields=[
            field("title", __("Title"), "text", required=True, fold="title_fold", sort=True, search=True),
            field("assignee", __("Assigned to"), "user", column="assignee_id", sort=True),
            field("due_on", __("Due"), "date", sort=True),
            field("done_at", __("Done"), "datetime", readonly=True, sort=True),
            field("details", __("Details"), "long_text", search=True, personal="content"),
            field("about_type", __("About (type)"), "text", required=True, immutable=True),
            field("about_id", __("About (id)"), "text", required=True, immutable=True),
        ],
        columns=("title", "assignee", "due_on", "done_at"),
        subjects=about_subjects,
    )
)
