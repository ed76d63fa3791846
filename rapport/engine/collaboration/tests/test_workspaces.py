"""Workspaces: their page, list, form and search are for their members."""

import pytest

from rapport.engine.accounts.models import Team
from rapport.engine.collaboration.models import Workspace
from rapport.engine.collaboration.tests.making import found, make, seen, undo
from rapport.engine.events.act import open_act
from rapport.engine.records.actions import change_record, delete_records
from rapport.engine.records.registry import record_type
from rapport.engine.records.saved.actions import create_view

pytestmark = pytest.mark.django_db


@pytest.fixture
def space(alice, bob):
    return make(alice, "workspaces", name="Spring fair", purpose="Tents", members=[str(alice.pk), str(bob.pk)])


def test_members_alone_see_it_in_list_page_search_and_api(alice, bob, dana, browse, space):
    assert seen(bob, "workspaces") == {space.pk}
    assert seen(dana, "workspaces") == set()
    assert "Spring fair" in browse(bob).get("/workspaces/").content.decode()
    assert "Spring fair" not in browse(dana).get("/workspaces/").content.decode()
    page = browse(bob).get(f"/workspaces/{space.pk}/").content.decode()
    assert "Tents" in page
    assert "Alice" in page
    assert "Add or remove members" in page
    assert browse(dana).get(f"/workspaces/{space.pk}/").status_code == 404
    assert browse(dana).get(f"/api/v1/workspaces/{space.pk}").status_code in (401, 404)


def test_search_finds_it_for_members_alone(bob, dana, space):
    assert "Spring fair" in found(bob, "spring fair")
    assert "Spring fair" not in found(dana, "spring fair")


def test_a_team_that_is_a_member_shows_how_many_it_is(alice, bob, browse):
    team = Team.objects.get(name="North")
    space = make(alice, "workspaces", name="Depot", members=[str(team.pk)])
    assert seen(bob, "workspaces") == {space.pk}
    assert "2 people" in browse(alice).get(f"/workspaces/{space.pk}/").content.decode()


def test_it_is_made_by_the_form_with_oneself_in_it(alice, browse):
    page = browse(alice).get("/workspaces/new")
    assert page.status_code == 200
    answer = browse(alice).post("/workspaces/new", {"name": "Fair", "members": ["", str(alice.pk)]})
    assert answer.status_code == 302
    assert Workspace.objects.get().members == [alice.pk]


def test_members_come_and_go_by_the_edit_of_the_field(alice, bob, charlie, browse, space):
    url = f"/workspaces/{space.pk}/edit/members"
    assert browse(bob).get(url).status_code == 200
    browse(bob).post(url, {"members": ["", str(bob.pk), str(alice.pk), str(charlie.pk)], "version": "1"})
    assert seen(charlie, "workspaces") == {space.pk}


def test_two_who_add_members_are_both_undone_by_entry(alice, bob, charlie, dana, space):
    batches = []
    for user in (charlie, dana):
        with open_act(alice.actor) as act:
            now = [str(one) for one in Workspace.objects.get().members]
            change_record(act, record_type("workspaces"), space, {"members": [*now, str(user.pk)]})
        batches.append(act.batch)
    undo(alice, batches[0])
    assert set(Workspace.objects.get().members) == {alice.pk, bob.pk, dana.pk}


@pytest.mark.parametrize("part", ["layout=board", "group=created_by", "layout=chart", "deleted=1", "peek={key}"])
def test_every_layout_of_the_list_opens(alice, browse, space, part):
    assert browse(alice).get(f"/workspaces/?{part.format(key=space.pk)}").status_code == 200


def test_views_are_saved_over_them(alice, browse, space):
    with open_act(alice.actor) as act:
        view = create_view(act, record_type("workspaces"), {"name": "Mine", "parts": {"where": "name ~ fair"}})
    answer = browse(alice).get(f"/workspaces/views/{view.pk}/", follow=True)
    assert answer.status_code == 200
    assert "Spring fair" in answer.content.decode()


def test_the_page_is_arranged_for_each_role(dana, browse):
    page = browse(dana).get("/settings/layout/workspaces/member/")
    assert page.status_code == 200
    assert "Members" in page.content.decode()


def test_who_made_it_deletes_it_and_takes_that_back(alice, bob, space):
    with open_act(alice.actor) as act:
        delete_records(act, record_type("workspaces"), [space])
    assert seen(bob, "workspaces") == set()
    undo(alice, act.batch)
    assert seen(bob, "workspaces") == {space.pk}


def test_whoever_makes_one_stands_among_its_members_from_the_start(alice, browse):
    client = browse(alice)
    form = client.get("/workspaces/new").text
    assert f'<option value="{alice.pk}" selected>' in form
    assert client.post("/workspaces/new", {"name": "Fair", "members": ["", str(alice.pk)]}).status_code == 302
