"""Verbs of tasks."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rapport.activities.models import Task
from rapport.engine.accounts.notifications import wake_record
from rapport.engine.collaboration.mentions import parts_of
from rapport.engine.collaboration.models import Comment
from rapport.engine.events.act import Act
from rapport.engine.records.actions import action, create_record
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.sharing import holder_names

LONGEST = 200  # characters of a title


def add_task(act: Act, rtype: RecordType, record: Any, values: Mapping[str, Any]) -> Task:
    """Plan something about a record. Raises ValidationFailed; without a title, or where the record is out of reach."""
    about = {"about_type": rtype.slug, "about_id": str(record.pk)}
    task: Task = create_record(act, record_type("tasks"), {**values, **about})
    wake_record(record.pk)
    return task


@action(on="tasks", label=_("Finish"), icon="check")
def finish_task(act: Act, task: Task) -> None:
    """Say that a task was done; one that was done stays as it is."""
    if task.done_at is None:
        act.change(task, done_at=act.now)
        wake_record(task.about_id)


@action(on="tasks", label=_("Reopen"), icon="undo")
def reopen_task(act: Act, task: Task) -> None:
    """Say that a task is still to be done."""
    act.change(task, done_at=None)
    wake_record(task.about_id)


def assign_comment(act: Act, comment: Comment, user: UUID, due: date | None) -> Task:
    """Make a task of a comment, about the same record. Its title is how the comment begins. Raises ValidationFailed."""
    values = {"title": title_of(comment.text), "details": "", "assignee": user, "due_on": due}
    about = {"about_type": comment.about_type, "about_id": str(comment.about_id)}
    task: Task = create_record(act, record_type("tasks"), {**values, **about})
    act.change(task, from_comment=comment.pk)
    wake_record(comment.about_id)
    return task


def title_of(text: str) -> str:
    """The first line of a text, with those whom it mentions by name and without the records."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    names = holder_names() if "<@" in line else {}
    words = [
        str(part) if kind == "text" else names.get(part, "") if isinstance(part, UUID) else "…"
        for kind, part in parts_of(line)
    ]
    title = " ".join("".join(words).split())
    return title if len(title) <= LONGEST else title[: LONGEST - 1].rstrip() + "…"
