"""Tasks: planned on any record by who may change it, ticked off with undo, and all of one's own on a page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.activities.models import Task
from rapport.activities.task_actions import title_of
from rapport.activities.tasks import my_tasks
from rapport.engine.collaboration.assigning import assign_comment, assigned_of, can_assign
from rapport.engine.collaboration.tests.making import found, make, seen
from rapport.engine.events.act import open_act
from rapport.engine.records.definitions import today
from rapport.engine.records.merging import merge_records
from rapport.engine.records.registry import record_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara(alice):
    return make(alice, "people", name="Amara Okafor", owner="me")


def planned(user, record, title="Send tents", **values):
    about = {"about_type": "people", "about_id": str(record.pk)}
    return make(user, "tasks", title=title, **{"assignee": "me", **about, **values})


def page_of(browser, record):
    return browser.get(f"/people/{record.pk}/").content.decode()


def take_back(browser, page):
    browser.post(f"/batches/{re.findall(r'/batches/([0-9a-f-]+)/undo', page)[-1]}/undo")


def test_one_is_planned_in_a_line_ticked_off_and_begun_again(alice, browse, amara):
    browser = browse(alice)
    browser.post(f"/people/{amara.pk}/tasks", {"title": "Send tents", "assignee": "me", "due_on": "2020-01-31"})
    task = Task.objects.get()
    assert (task.assignee_id, str(task.due_on)) == (alice.pk, "2020-01-31")
    page = page_of(browser, amara)
    assert "Send tents" in page
    assert "late," in page
    assert "planned the task" in page
    browser.post(f"/tasks/{task.pk}/finish")
    page = page_of(browser, amara)
    assert "finished the task" in page
    assert "late," not in page
    assert 'class="done"' in page
    take_back(browser, page)
    assert Task.objects.get().done_at is None
    browser.post(f"/tasks/{task.pk}/finish")
    browser.post(f"/tasks/{task.pk}/reopen")
    assert Task.objects.get().done_at is None
    browser.post(f"/tasks/{task.pk}/delete")
    assert seen(alice, "tasks") == set()
    take_back(browser, page_of(browser, amara))
    assert seen(alice, "tasks") == {task.pk}


def test_without_a_title_nothing_is_planned(alice, browse, amara):
    browser = browse(alice)
    browser.post(f"/people/{amara.pk}/tasks", {"title": " "})
    assert "cannot be empty" in page_of(browser, amara)
    assert Task.objects.count() == 0


def test_a_stranger_neither_sees_nor_plans_nor_finishes(alice, charlie, browse, amara):
    task, stranger = planned(alice, amara, assignee=str(charlie.pk)), browse(charlie)
    assert stranger.post(f"/people/{amara.pk}/tasks", {"title": "Mine"}).status_code == 404
    assert [stranger.post(f"/tasks/{task.pk}/{one}").status_code for one in ("finish", "reopen", "delete")] == [404] * 3
    assert "Send tents" not in stranger.get("/tasks/mine").content.decode()
    assert found(charlie, "tents") == []
    assert found(alice, "tents") == ["Amara Okafor"]
    assert Task.objects.get().done_at is None


def test_who_only_sees_the_record_does_not_finish(alice, erin, browse, amara):
    task = planned(alice, amara, assignee=str(erin.pk))
    page = page_of(browse(erin), amara)
    assert "Send tents" in page
    assert "/finish" not in page
    assert "Add a task" not in page
    assert browse(erin).post(f"/tasks/{task.pk}/finish").status_code == 403
    assert Task.objects.get().done_at is None


def test_my_tasks_stand_by_their_day_and_go_on(alice, browse, amara):
    day = today()
    planned(alice, amara, "Some day")
    planned(alice, amara, "Tomorrow", due_on=(day + timedelta(days=1)).isoformat())
    planned(alice, amara, "Now", due_on=day.isoformat())
    planned(alice, amara, "Yesterday", due_on=(day - timedelta(days=1)).isoformat())
    done = planned(alice, amara, "Done")
    browse(alice).post(f"/tasks/{done.pk}/finish")
    page = browse(alice).get("/tasks/mine").content.decode()
    order = [page.index(word) for word in ("Late", "Yesterday<", "Today", "Now<", "Later", "Tomorrow<", "Some day<")]
    assert order == sorted(order)
    assert "Done<" not in page
    assert "Amara Okafor" in page


def test_a_page_of_my_tasks_costs_the_same_however_many_they_are(alice, amara, monkeypatch):
    monkeypatch.setattr("rapport.activities.tasks.ON_A_PAGE", 3)
    days = [*((today() + timedelta(days=one // 2)).isoformat() for one in range(6)), "", ""]
    titles = [planned(alice, amara, f"Task {number}", due_on=one).title for number, one in enumerate(days)]
    read, after, costs = [], "", []
    for _page in range(3):
        with CaptureQueriesContext(connection) as queries:
            shown, after = my_tasks(alice.actor, after=after)
        read += [one.task.title for one in shown]
        costs.append(len(queries))
    assert read == titles
    assert after == ""
    assert len(set(costs)) == 1
    assert [one.task.title for one in my_tasks(alice.actor, after="nonsense")[0]] == titles[:3]


def test_a_comment_is_assigned_and_tells_what_became_of_it(alice, bob, amara):
    about = {"about_type": "people", "about_id": str(amara.pk)}
    comment = make(alice, "comments", text="@Bob send the tents\nand the ropes", **about)
    assert can_assign()
    with open_act(alice.actor) as act:
        task = assign_comment(act, comment, bob.pk, due=today())
    assert (task.title, task.from_comment, task.about_id) == ("Bob send the tents", comment.pk, amara.pk)
    told = assigned_of(alice.actor, [comment.pk])[comment.pk]
    assert (told.who, told.is_done, told.finish_url) == ("Bob", False, f"/tasks/{task.pk}/finish")


def test_a_long_comment_becomes_a_title_that_fits():
    assert len(title_of("x" * 5000)) == 200


def test_a_workspace_has_tasks_of_its_members(alice, bob, dana, browse):
    space = make(alice, "workspaces", name="Fair", members=[str(alice.pk), str(bob.pk)])
    browse(bob).post(f"/workspaces/{space.pk}/tasks", {"title": "Rent a van", "assignee": str(alice.pk)})
    task = Task.objects.get()
    assert seen(alice, "tasks") == {task.pk}
    assert seen(dana, "tasks") == set()
    assert "Rent a van" in browse(alice).get("/tasks/mine").content.decode()


def test_they_follow_a_record_that_is_merged(alice, amara):
    twin = make(alice, "people", name="A. Okafor", owner="me")
    planned(alice, twin)
    with open_act(alice.actor) as act:
        merge_records(act, record_type("people"), [amara, twin], survivor=amara.pk)
    assert Task.objects.get().about_id == amara.pk


def test_programs_plan_and_read_them(alice, browse, amara):
    from rapport.engine.accounts.actions import create_token
    from rapport.engine.accounts.models import Scope

    with open_act(alice.actor) as act:
        _token, secret = create_token(act, alice, name="program", scope=Scope.WRITE)
    program = browse(alice).__class__(headers={"Authorization": f"Bearer {secret}"})
    raw = {"title": "Call", "about_type": "people", "about_id": str(amara.pk), "assignee": "me"}
    answer = program.post("/api/v1/tasks", raw, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["assignee"]["id"] == str(alice.pk)
