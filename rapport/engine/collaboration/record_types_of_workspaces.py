"""How workspaces, and what is in them, appear everywhere."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.collaboration.members import members_panel
from rapport.engine.collaboration.models import Attachment, Page, Pin, Workspace
from rapport.engine.collaboration.pages import pages_panel
from rapport.engine.collaboration.pinning import pins_panel
from rapport.engine.collaboration.record_types import about_subjects
from rapport.engine.events.journal import Subject
from rapport.engine.files.queries import files_by_id
from rapport.engine.records.declare import field
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.registry import RecordType, register

LONGEST_NAME = 200  # characters, as long as those of files are


def name_attachment(row: Attachment | None, values: dict[str, Any]) -> dict[str, Any]:
    """What is attached is called as its file, until somebody calls it something else."""
    name = " ".join(values.get("name", "" if row is None else row.name).split())
    key = values.get("file") or (row.file_id if row else None)
    if not name and key and (files := files_by_id([key])):
        name = files[0].name
    if len(name) > LONGEST_NAME:
        words = _("The name of a file has at most %(limit)d characters.") % {"limit": LONGEST_NAME}
        raise ValidationFailed({"name": words})
    return values | {"name": name}


def subjects_in_workspaces(rows: Sequence[Page | Pin]) -> Mapping[UUID, list[Subject]]:
    """What is written in a workspace or pinned to it belongs to its story."""
    return {row.pk: [Subject(WorkspaceType.journal_type, row.workspace_id, "parent")] for row in rows}


WorkspaceType = register(
    RecordType(
        slug="workspaces",
        model=Workspace,
        label=__("workspace"),
        label_plural=__("workspaces"),
        icon="box",
        section="together",
        place=61,
        square=True,
        members="members",
        fields=[
            field("name", __("Name"), "text", required=True, fold="name_fold", sort=True, search=True),
            field("purpose", __("Purpose"), "long_text", search=True),
            field("members", __("Members"), "members", required=True, default="me"),
        ],
        columns=("name", "purpose", "members", "created_at"),
        phone_columns=("members", "created_at"),
        shown_elsewhere=("members",),
        panels=[members_panel("workspaces"), pins_panel(), pages_panel()],
    )
)

AttachmentType = register(
    RecordType(
        slug="attachments",
        model=Attachment,
        label=__("file"),
        label_plural=__("files"),
        icon="attach",
        section=None,
        sees_as="*",
        parent_column="about_id",
        fields=[
            field("name", __("Name"), "text", fold="name_fold", sort=True, search=True),
            field("file", __("File"), "file", column="file_id", required=True, immutable=True),
            field("about_type", __("About (type)"), "text", required=True, immutable=True),
            field("about_id", __("About (id)"), "text", required=True, immutable=True),
        ],
        columns=("name", "file", "about_type", "about_id"),
        subjects=about_subjects,
        complete=name_attachment,
    )
)

PageType = register(
    RecordType(
        slug="pages",
        model=Page,
        label=__("page"),
        label_plural=__("pages"),
        icon="note",
        section=None,
        title="title",
        sees_as="workspaces",
        parent_column="workspace_id",
        fields=[
            field("title", __("Title"), "text", required=True, fold="title_fold", sort=True, search=True),
            field("text", __("Text"), "long_text", search=True),
            field(
                "workspace", __("Workspace"), "relation", column="workspace_id", target="workspaces",
                required=True, immutable=True,
            ),
        ],
        columns=("title", "workspace", "changed_at"),
        subjects=subjects_in_workspaces,
    )
)  # fmt: skip

PinType = register(
    RecordType(
        slug="pins",
        model=Pin,
        label=__("pin"),
        label_plural=__("pins"),
        icon="pin",
        section=None,
        title="record_type",
        sees_as="workspaces",
        parent_column="workspace_id",
        fields=[
            field("record_type", __("What is pinned (type)"), "text", required=True, immutable=True),
            field("record_id", __("What is pinned (id)"), "text", required=True, immutable=True),
            field(
                "workspace", __("Workspace"), "relation", column="workspace_id", target="workspaces",
                required=True, immutable=True,
            ),
        ],
        columns=("record_type", "record_id", "workspace"),
        subjects=subjects_in_workspaces,
    )
)  # fmt: skip
