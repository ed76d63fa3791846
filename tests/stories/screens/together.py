"""Workspaces, and what stands on records and in them."""

from io import BytesIO
from typing import Any

from rapport.engine.collaboration.attachments import attach_files
from rapport.engine.events.act import open_act
from rapport.engine.files.actions import keep_file
from rapport.engine.files.tests import sample
from rapport.engine.records.actions import create_record
from rapport.engine.records.filing import receive_file
from rapport.engine.records.registry import record_type
from tests.stories.screens.screen import Screen

SPACES = "/workspaces/"


def work_together(world: Any) -> list[Screen]:
    """Fill a workspace of Dana and Alice, and name its screens."""
    space = furnished(world)
    return [
        Screen("list, workspaces", SPACES),
        Screen("new workspace", f"{SPACES}new"),
        Screen("workspace", f"{SPACES}{space.pk}/"),
        Screen("files", f"{SPACES}{space.pk}/files"),
        Screen("files, none yet", f"/people/{world.amara.pk}/files"),
    ]


def furnished(world: Any) -> Any:
    """A workspace with files."""
    dana, alice = world.dana, world.alice
    picture, text = BytesIO(sample.png()), BytesIO(b"Terms")
    with (
        receive_file(picture, name="plan.png") as first,
        receive_file(text, name="terms.txt") as second,
        open_act(dana.actor) as act,
    ):
        files = [keep_file(act, one) for one in (first, second)]
    with open_act(dana.actor) as act:
        values = {"name": "Spring fair", "purpose": "Tents", "members": [str(dana.pk), str(alice.pk)]}
        space = create_record(act, record_type("workspaces"), values)
        attach_files(act, record_type("workspaces"), space, files)
    return space
