"""Workspaces, and what stands on records and in them."""

from io import BytesIO
from typing import Any

from rapport.activities.task_actions import add_task, finish_task
from rapport.engine.collaboration.attachments import attach_files
from rapport.engine.collaboration.calls import start_call
from rapport.engine.collaboration.pinning import VIEWS, pin
from rapport.engine.collaboration.writing import begin_page, write_page
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
    page = page_of(world, space)
    return [
        Screen("list, workspaces", SPACES),
        Screen("new workspace", f"{SPACES}new"),
        Screen("workspace", f"{SPACES}{space.pk}/"),
        Screen("page", page),
        Screen("page, written", f"{page}?write=1"),
        Screen("page, history", f"{page}/history"),
        Screen("call", f"/calls/{called(world, space)}"),
        Screen("video calls", "/settings/calls/"),
        Screen("video calls, problems", "/settings/calls/", fills={"#address": "no"}, press=".form .main"),
        Screen("pin", f"/people/{world.amara.pk}/pin"),
        Screen("pin a view", f"/people/views/{world.view.pk}/pin"),
        Screen("my tasks", "/tasks/mine"),
        Screen("my tasks, none", "/tasks/mine", is_member=True),
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
        for title, due in (("Rent a van", "2020-01-31"), ("Call the bakery", "2090-01-31"), ("Find a name", "")):
            values = {"title": title, "assignee": "me", "due_on": due}
            add_task(act, record_type("workspaces"), space, values)
        pin(act, space, "people", world.amara.pk)
        pin(act, space, VIEWS, world.view.pk)
        finish_task(act, add_task(act, record_type("workspaces"), space, values | {"title": "Book the hall"}))
    return space


def called(world: Any, space: Any) -> Any:
    """A call that was started in a workspace."""
    with open_act(world.dana.actor) as act:
        return start_call(act, record_type("workspaces"), space).pk


def page_of(world: Any, space: Any) -> str:
    """The address of a page that two have written in."""
    text = "# Plan\n\n- **Tents**, see [list](https://x.no)\n- Boots\n\n| What | Who |\n| --- | --- |\n| Ropes | Al |"
    with open_act(world.dana.actor) as act:
        page = begin_page(act, space, title="Agenda")
        write_page(act, page, text=text, base="")
    with open_act(world.alice.actor) as act:
        write_page(act, page, text=f"{text}\n\n> Call them\n\n`crm`", base=text)
    return f"{SPACES}{space.pk}/pages/{page.pk}"
