"""Teams through their pages."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.engine.accounts import teams
from rapport.engine.accounts.models import Team, TeamMember, User
from rapport.engine.accounts.tests.test_teams import SOON, do, end_yesterday, gathered, join, made, seat
from rapport.engine.records.definitions import forget

TREE, MINE, USERS = "/settings/teams/", "/teams/", "/settings/users/"


@pytest.fixture(autouse=True)
def _nothing_remembered():
    forget()


@pytest.fixture
def alice(db):
    return User.objects.create_user("alice@northwind.example", name="Alice")


def text_of(answer, status=200):
    html = answer.content.decode()
    assert answer.status_code == status, html
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def undo_in(browser, answer):
    batch = re.findall(r"/batches/([0-9a-f-]{36})/undo", answer.content.decode())[-1]
    return browser.post(f"/batches/{batch}/undo", follow=True)


def place(team, word="", member=None):
    return f"{MINE}{team.pk}/" + (f"members/{member.pk}/" if member else "") + word


class TestTheTree:
    def test_made_moved_filled_and_taken_back(self, dana, bob, signed_in):
        browser = signed_in(dana)
        assert "There are no teams yet." in text_of(browser.get(TREE))
        browser.post(TREE, {"name": "North", "purpose": "Fjords"})
        north = Team.objects.get()
        answer = browser.post(TREE, {"name": "Oslo", "parent": str(north.pk)}, follow=True)
        oslo = Team.objects.get(name="Oslo")
        assert "Below North" in text_of(answer)
        added = browser.post(place(oslo, "add"), {"user": str(bob.pk), "leads": "on"}, follow=True)
        assert "Bob is in the team." in text_of(added)
        assert "Bob Leads" in text_of(browser.get(TREE))
        followed = browser.post(place(oslo, "follow", seat(oslo, bob)), follow=True)
        assert "Bob leads the team no more." in text_of(followed)
        undo_in(browser, followed)
        assert seat(oslo, bob).leads
        moved = browser.post(place(oslo), {"name": "Oslo East", "purpose": "", "parent": ""}, follow=True)
        assert "Oslo East" in text_of(moved)
        undo_in(browser, moved)
        oslo.refresh_from_db()
        assert (oslo.name, oslo.parent_id) == ("Oslo", north.pk)
        answer = browser.post(place(north, "delete"), follow=True)
        assert "Move or delete them first." in text_of(answer)
        removed = browser.post(place(oslo, "remove", seat(oslo, bob)), follow=True)
        assert "Bob has left the team Oslo." in text_of(removed)
        deleted = browser.post(place(oslo, "delete"), follow=True)
        assert "The team Oslo was deleted." in text_of(deleted)
        undo_in(browser, deleted)
        assert Team.objects.filter(name="Oslo", deleted_at=None).exists()

    def test_no_undo_puts_a_team_below_itself(self, dana, signed_in):
        browser, north = signed_in(dana), made(dana, "North")
        browser.post(TREE, {"name": "Oslo", "parent": str(north.pk)})
        oslo = Team.objects.get(name="Oslo")
        out = browser.post(place(oslo), {"name": "Oslo", "purpose": "", "parent": ""}, follow=True)
        browser.post(place(north), {"name": "North", "purpose": "", "parent": str(oslo.pk)})
        undone = undo_in(browser, out)
        assert "1 record is kept, for it would lie under itself" in text_of(undone)
        assert Team.objects.get(pk=oslo.pk).parent_id is None
        assert Team.objects.get(pk=north.pk).parent_id == oslo.pk

    def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(self, dana, bob, signed_in):
        browser, north = signed_in(dana), made(dana, "North")
        answer = browser.post(TREE, {"name": "north", "purpose": "Fjords"})
        assert "There is a team of this name." in text_of(answer, 422)
        assert 'value="Fjords"' in answer.content.decode()
        answer = browser.post(place(north), {"name": "North", "parent": str(north.pk)})
        assert "A team cannot stand below itself." in text_of(answer, 422)
        assert "Choose somebody to put into the team." in text_of(browser.post(place(north, "add"), follow=True))
        User.objects.filter(pk=bob.pk).update(deactivated_at="2026-01-01T00:00Z")
        answer = browser.post(place(north, "add"), {"user": str(bob.pk)}, follow=True)
        assert "Bob is deactivated." in text_of(answer)

    def test_members_see_their_own_and_change_nothing(self, dana, bob, alice, signed_in):
        north, south = made(dana, "North"), made(dana, "South")
        do(dana, teams.add_member, north, bob)
        browser = signed_in(bob)
        assert browser.get(TREE).status_code == browser.post(TREE, {"name": "Mine"}).status_code == 403
        page = browser.get(place(north))
        assert "Bob" in text_of(page)
        assert place(north, "add") not in page.content.decode()
        assert browser.get(place(south)).status_code == 404
        assert browser.post(place(south), {"name": "Mine"}).status_code == 404
        for word in ("add", "delete", "invite"):
            assert browser.post(place(north, word), {"user": str(alice.pk)}).status_code == 403
        for word in ("lead", "follow", "remove"):
            assert browser.post(place(north, word, seat(north, bob))).status_code == 403
        assert browser.post(place(north), {"name": "Mine"}).status_code == 403
        assert browser.post(place(north, "paint")).status_code == 404
        assert browser.post(place(north, "paint", seat(north, bob))).status_code == 404

    def test_an_undo_of_somebody_else_is_refused(self, dana, bob, signed_in):
        answer = signed_in(dana).post(TREE, {"name": "North"}, follow=True)
        batch = re.findall(r"/batches/([0-9a-f-]{36})/undo", answer.content.decode())[-1]
        assert signed_in(bob).post(f"/batches/{batch}/undo").status_code == 403
        assert Team.objects.get().deleted_at is None


class TestForATime:
    def test_called_together_answered_left_and_ended(self, bob, alice, signed_in):
        bobs, alices = signed_in(bob), signed_in(alice)
        form = {"name": "Fair", "purpose": "Tents", "ends_on": SOON, "users": [str(alice.pk)]}
        answer = bobs.post(MINE, form, follow=True)
        assert "The team Fair is called together." in text_of(answer)
        fair = Team.objects.get()
        assert "Alice Invited" in text_of(answer)
        assert "Bob invites you to the team Fair" in text_of(alices.get("/bell/"))
        page = text_of(alices.get(MINE))
        assert "Bob invites you to the team Fair" in page
        assert "Members see what is shared with the team" in page
        declined = alices.post(place(fair, "decline", seat(fair, alice)), follow=True)
        assert "You declined." in text_of(declined)
        undo_in(alices, declined)
        accepted = alices.post(place(fair, "accept", seat(fair, alice)), follow=True)
        assert "You are in the team Fair." in text_of(accepted)
        left = alices.post(place(fair, "remove", seat(fair, alice)), follow=True)
        assert "Alice has left the team Fair." in text_of(left)
        undo_in(alices, left)
        assert seat(fair, alice).joined_at
        ended = bobs.post(place(fair, "delete"), follow=True)
        assert "The team Fair has ended." in text_of(ended)
        undo_in(bobs, ended)
        assert seat(fair, alice).joined_at

    def test_invited_more_taken_back_and_another_last_day(self, bob, alice, dana, signed_in):
        browser, fair = signed_in(bob), gathered(bob)
        assert "Choose somebody to invite" in text_of(browser.post(place(fair, "invite"), follow=True))
        form = {"users": [str(alice.pk), str(dana.pk), "nobody"]}
        assert "2 were invited." in text_of(browser.post(place(fair, "invite"), form, follow=True))
        answer = browser.post(place(fair, "remove", seat(fair, dana)), follow=True)
        assert "The invitation of Dana was taken back." in text_of(answer)
        assert "invites you" not in text_of(signed_in(dana).get(MINE)).replace("News", "")
        answer = browser.post(place(fair), {"name": "Fair", "purpose": "", "ends_on": "2020-01-01"})
        assert "between today and a year from now" in text_of(answer, 422)
        assert browser.post(place(fair), {"name": "Fair", "ends_on": SOON}).status_code == 302
        end_yesterday(fair)
        assert "Nobody sees anything through it any more. Choose another last day" in text_of(browser.get(place(fair)))
        assert "Ended" in text_of(browser.get(MINE))

    def test_nothing_typed_is_lost(self, bob, alice, signed_in):
        answer = signed_in(bob).post(MINE, {"name": "Fair", "ends_on": "2020-01-01", "users": [str(alice.pk)]})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="Fair"' in html
        assert 'value="2020-01-01"' in html
        assert f'value="{alice.pk}" checked' in html
        assert not Team.objects.exists()

    def test_an_invitation_is_answered_by_whom_it_was_sent_to(self, bob, alice, dana, signed_in):
        fair = gathered(bob, alice)
        charlie = User.objects.create_user("charlie@northwind.example", name="Charlie")
        asked = seat(fair, alice)
        assert signed_in(charlie).post(place(fair, "accept", asked)).status_code == 404
        for other in (bob, dana):
            assert signed_in(other).post(place(fair, "accept", asked)).status_code == 403
        assert TeamMember.objects.get(pk=asked.pk).joined_at is None
        browser = signed_in(alice)
        do(bob, teams.remove_member, asked)
        assert browser.post(place(fair, "accept", asked)).status_code == 404

    def test_signed_out_and_looking_on(self, client, bob, alice, dana, signed_in):
        fair = gathered(bob, alice)
        assert client.get(MINE)["Location"].startswith("/sign-in/")
        browser = signed_in(dana)
        browser.post(f"{USERS}{alice.pk}/view-as")
        assert "Bob invites you to the team" in text_of(browser.get(MINE))
        assert browser.post(place(fair, "accept", seat(fair, alice))).status_code == 403
        assert seat(fair, alice).joined_at is None


def test_users_are_shown_with_their_teams_and_roles(dana, bob, signed_in):
    north, fair = made(dana, "North"), gathered(dana, bob)
    do(dana, teams.add_member, north, bob, leads=True)
    page = signed_in(dana).get(USERS)
    assert "North · leads" in text_of(page)
    assert text_of(page).count("Spring fair") == 2
    join(fair, bob)
    assert text_of(signed_in(dana).get(USERS)).count("Spring fair") == 4
    end_yesterday(fair)
    page = signed_in(dana).get(USERS)
    assert "Spring fair" not in text_of(page)
    assert 'href="/settings/roles/member/"' in page.content.decode()


@pytest.mark.parametrize("path", [TREE, MINE, USERS])
def test_the_cost_does_not_grow_with_teams_and_users(dana, bob, signed_in, path, pinned_queries):
    browser, seen = signed_in(dana), []
    for number in range(2):
        above = None
        for letter in "abc":
            user = User.objects.create_user(f"{letter}{number}@northwind.example", name=f"{letter}{number}")
            above = made(dana, f"Team {letter}{number}", above)
            do(dana, teams.add_member, above, user, leads=True)
            do(dana, teams.add_member, above, dana)
            gathered(user, dana, bob, name=f"Fair {letter}{number}")
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        seen.append(len(queries))
    assert seen[0] == seen[1]
    pinned_queries({TREE: "teams", MINE: "my teams", USERS: "users"}[path], seen[1])
