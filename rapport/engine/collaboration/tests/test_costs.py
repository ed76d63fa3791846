"""What the pages of this room cost, however much stands on them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.activities.task_actions import add_task
from rapport.engine.collaboration.pinning import pin
from rapport.engine.collaboration.tests.making import make
from rapport.engine.collaboration.writing import begin_page, write_page
from rapport.engine.events.act import open_act
from rapport.engine.records.registry import record_type

pytestmark = pytest.mark.django_db


def fill(user, space, times):
    with open_act(user.actor) as act:
        for number in range(times):
            begin_page(act, space, title=f"Page {number}")
            add_task(act, record_type("workspaces"), space, {"title": f"Task {number}", "assignee": "me"})
    for number in range(times):
        person = make(user, "people", name=f"Person {number}", owner="me")
        with open_act(user.actor) as act:
            pin(act, space, "people", person.pk)


def cost(browser, path):
    browser.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


def test_a_workspace_costs_the_same_however_much_is_in_it(alice, browse, pinned_queries):
    space, browser = make(alice, "workspaces", name="Fair"), browse(alice)
    fill(alice, space, 1)
    before = cost(browser, f"/workspaces/{space.pk}/")
    fill(alice, space, 6)
    after = cost(browser, f"/workspaces/{space.pk}/")
    assert before == after
    pinned_queries("page of a workspace", after)
    pinned_queries("my tasks", cost(browser, "/tasks/mine"))


def test_a_page_written_together(alice, browse, pinned_queries):
    space, browser = make(alice, "workspaces", name="Fair"), browse(alice)
    with open_act(alice.actor) as act:
        page = write_page(act, begin_page(act, space, title="Agenda"), text="# Tents", base="")
    url = f"/workspaces/{space.pk}/pages/{page.pk}"
    pinned_queries("page written together", cost(browser, url))
    pinned_queries("history of a page written together", cost(browser, f"{url}/history"))
