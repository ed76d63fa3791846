"""How workspaces, and what is in them, appear everywhere."""

from django.utils.translation import gettext_lazy as __

from rapport.engine.collaboration.members import members_panel
from rapport.engine.collaboration.models import Workspace
from rapport.engine.records.declare import field
from rapport.engine.records.registry import RecordType, register

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
        panels=[members_panel("workspaces")],
    )
)
