"""What each section of an audit sees, with things that were done through actions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.engine.accounts import actions, teams
from rapport.engine.accounts.audit import Looked, Section, Verdict, add_section, make_report
from rapport.engine.accounts.audit.sections import SECTIONS
from rapport.engine.accounts.models import ApiToken, OneTimeLink, Purpose, Scope, TokenUse, User
from rapport.engine.accounts.tests.audit.conftest import counts, rows
from rapport.engine.events.act import open_act
from rapport.engine.records.definitions import forget
from rapport.engine.records.registry import record_type
from rapport.engine.records.roles.actions import change_role, create_role
from rapport.engine.records.sharing import share_record

pytestmark = pytest.mark.django_db

OWN = dict.fromkeys(("read", "create", "change", "delete", "export", "import"), "own")
LONG_AGO = timedelta(days=400)
CHANGES = "Changes of roles, teams and shares, the newest first"


def long_ago(row, **columns):
    """Set columns past every act, as time would have."""
    type(row).objects.filter(pk=row.pk).update(**columns)


class TestAccess:
    def test_roles_and_what_they_grant(self, dana, bob, section):
        with open_act(dana.actor) as act:
            policies = {"people": {"reach": {**OWN, "export": "none"}, "hidden": ["birthday"], "locked": ["source"]}}
            role = create_role(act, {"name": "Sales", "policies": policies})
        forget()
        with open_act(dana.actor) as act:
            actions.change_role(act, bob, role=role.slug)
        found = section("access")
        assert ("Sales", 1, "") in rows(found, "Roles")
        granted = rows(found, "What each role lets its users do")
        assert ("Sales", "people", "own", "own", "own", "own", "none", "own", "Birthday", "Source") in granted
        assert ("Sales", "companies", *["none"] * 6, "", "") in granted
        assert ("Administrator", "companies, people", *["all"] * 6, "", "") in granted
        assert not [row for row in granted if "memberships" in row[1]]

    def test_children_are_told_where_a_role_hides_something_of_them(self, dana, section):
        with open_act(dana.actor) as act:
            policies = {"memberships": {"reach": {}, "hidden": ["title"]}}
            create_role(act, {"name": "Sales", "policies": policies})
        forget()
        granted = rows(section("access"), "What each role lets its users do")
        assert [row[2:] for row in granted if row[1] == "memberships"] == [(*["as people"] * 6, "Title", "")]

    def test_administrators_and_whoever_has_more_than_a_member(self, dana, bob, section):
        with open_act(dana.actor) as act:
            every = {"*": {"reach": dict.fromkeys(OWN, "all")}}
            role = create_role(act, {"name": "Export", "policies": every})
            member = {"*": {"reach": {**dict.fromkeys(OWN, "all"), "export": "none"}}}
            change_role(act, "member", {"policies": member})
        forget()
        with open_act(dana.actor) as act:
            actions.change_role(act, bob, role=role.slug)
        found = section("access")
        assert [row[1] for row in rows(found, "Administrators")] == ["dana@northwind.example"]
        assert [row[:2] for row in rows(found, "Others with more than members may")] == [("Bob", "Export")]

    def test_who_has_what_members_have_is_no_exception(self, dana, bob, section):
        assert counts(section("access"))["above_members"] == 0

    def test_changes_since_the_last_time_with_who_and_when(self, dana, bob, section):
        with open_act(dana.actor) as act:
            actions.change_role(act, bob, role="admin")
            sales = teams.create_team(act, {"name": "Sales"})
            teams.add_member(act, sales, bob, leads=True)
            teams.change_team(act, sales, {"name": "Sales North"})
        found = section("access")
        said = rows(found, CHANGES)
        by_dana = [row[0] for row in said if row[1] == "Dana"]
        assert by_dana == [
            "Team Sales North: changed (name).",
            "Bob joined the team Sales North and leads it.",
            "Team Sales North: made.",
            "Bob: role Member → Administrator.",
        ]
        assert all(row[2].startswith(f"{timezone.now():%Y}") for row in said)
        assert found.verdict is Verdict.LOOK
        assert "teams (2)" in found.advice
        later = section("access", since=timezone.now())
        assert counts(later)["changes"] == 0

    def test_a_deactivation_is_told_and_a_new_name_is_not(self, dana, bob, section):
        since = timezone.now()
        with open_act(dana.actor) as act:
            actions.change_profile(act, bob, name="Robert", language="", time_zone="", theme="auto")
            actions.deactivate_user(act, bob)
        said = rows(section("access", since=since), CHANGES)
        assert [row[:2] for row in said] == [("Robert was deactivated.", "Dana")]

    def test_shares_without_an_end_and_with_teams(self, dana, bob, make, section):
        person = make(dana, "people", name="Amara Okafor")
        other = make(dana, "people", name="Bruno Lindholm")
        people, soon = record_type("people"), str((timezone.now() + timedelta(days=9)).date())
        with open_act(dana.actor) as act:
            team = teams.create_team(act, {"name": "Sales"})
        forget()
        with open_act(dana.actor) as act:
            share_record(act, people, person, {"kind": "user", "holder": str(bob.pk)})
            share_record(act, people, person, {"kind": "team", "holder": str(team.pk), "until": soon})
            share_record(act, people, other, {"kind": "user", "holder": str(bob.pk), "until": soon})
        found = section("access")
        assert counts(found)["endless_shares"] == 1
        assert counts(found)["team_shares"] == 1
        shown = rows(found, "Shares without an end or with whole teams, the oldest first")
        assert [row[:3] for row in shown] == [("people", "Bob", "see"), ("people", "Sales", "see")]
        assert [row[3] is None for row in shown] == [True, False]

    def test_a_single_administrator_of_several_users_is_told(self, dana, section, bob):
        assert "one administrator" in section("access").advice
        with open_act(dana.actor) as act:
            actions.deactivate_user(act, bob)
        assert "one administrator" not in section("access").advice


class TestTokens:
    @pytest.fixture
    def token(self, bob):
        with open_act(bob.actor) as act:
            return actions.create_token(act, bob, name="Program", scope=Scope.WRITE)[0]

    def test_unused_old_and_writing_ones(self, token, section):
        assert counts(section("tokens")) == {
            "tokens": 1, "writing": 1, "never_used": 1, "unused": 0, "old": 0, "orphaned": 0,
        }  # fmt: skip
        TokenUse.objects.create(token=token, last_used_at=timezone.now() - timedelta(days=91))
        long_ago(token, created_at=timezone.now() - LONG_AGO)
        found = section("tokens")
        assert counts(found)["unused"] == counts(found)["old"] == 1
        assert found.verdict is Verdict.LOOK
        (row,) = rows(found, "Tokens that work")
        assert row[:3] == ("Program", "Bob", "Read and write")
        assert row[5] == "not used for 90 days, older than a year"

    def test_one_in_use_is_good(self, token, section):
        TokenUse.objects.create(token=token, last_used_at=timezone.now())
        assert section("tokens").verdict is Verdict.GOOD

    def test_one_of_a_deactivated_user_is_to_be_acted_on(self, dana, bob, token, section):
        with open_act(dana.actor) as act:
            actions.deactivate_user(act, bob)
        assert counts(section("tokens"))["tokens"] == 0
        ApiToken.objects.filter(pk=token.pk).update(digest="0" * 64)
        found = section("tokens")
        assert found.verdict is Verdict.ACT
        assert rows(found, "Tokens that work")[0][5].startswith("its user is deactivated")


class TestAccounts:
    def test_who_never_or_long_not_signed_in(self, dana, bob, section):
        long_ago(dana, last_login=timezone.now() - timedelta(days=91))
        found = section("accounts")
        assert counts(found)["never_signed_in"] == counts(found)["long_ago"] == 1
        noted = {row[0]: row[4] for row in rows(found, "Users to look at")}
        assert noted == {"Bob": "never signed in", "Dana": "not for 90 days"}

    def test_who_was_just_invited_has_a_week(self, dana, bob, section):
        long_ago(dana, last_login=timezone.now())
        assert section("accounts").verdict is Verdict.GOOD
        long_ago(bob, created_at=timezone.now() - timedelta(days=8))
        assert section("accounts").verdict is Verdict.LOOK

    def test_a_session_that_outlives_a_deactivation_is_to_be_acted_on(self, dana, bob, signed_in, section):
        signed_in(bob)
        with open_act(dana.actor) as act:
            actions.deactivate_user(act, bob)
        assert counts(section("accounts"))["sessions_of_deactivated"] == 0
        with open_act(dana.actor) as act:
            actions.reactivate_user(act, bob)
        signed_in(User.objects.get(pk=bob.pk))
        assert counts(section("accounts"))["sessions_of_deactivated"] == 0
        long_ago(bob, deactivated_at=timezone.now())
        found = section("accounts")
        assert counts(found)["sessions_of_deactivated"] == 1
        assert found.verdict is Verdict.ACT

    def test_links_that_still_work(self, dana, bob, section):
        with open_act(dana.actor) as act:
            actions.make_link_for(act, bob)
            actions.invite_user(act, email="eve@northwind.example", name="Eve")
        OneTimeLink.objects.filter(purpose=Purpose.SIGN_IN).update(expires_at=timezone.now() - timedelta(minutes=1))
        assert [row[:2] for row in rows(section("accounts"), "One-time links that work")] == [("Eve", "invitation")]

    def test_who_has_no_second_factor(self, dana, bob, section, factors):
        assert counts(section("accounts"))["without_second_factor"] == 0
        factors(dana)
        found = section("accounts")
        assert counts(found)["without_second_factor"] == 1
        assert found.verdict is Verdict.LOOK
        factors()
        assert section("accounts").verdict is Verdict.ACT


class TestSteppingIn:
    def test_looks_as_others_and_links_for_others(self, dana, bob, signed_in, section):
        signed_in(dana).post(f"/settings/users/{bob.pk}/view-as")
        with open_act(dana.actor) as act:
            actions.make_link_for(act, bob)
        with open_act(bob.actor) as act:
            from rapport.engine.accounts.links import make_link

            make_link(act, bob)
        found = section("stepping_in")
        assert counts(found) == {"viewed_as": 1, "links_for_others": 1, "invitations": 0, "restored": 0}
        assert [row[:2] for row in rows(found, "Looks as another user")] == [("Dana", "Bob")]
        assert found.verdict is Verdict.LOOK

    def test_nobody(self, dana, section):
        assert section("stepping_in").verdict is Verdict.GOOD


def test_a_room_above_adds_a_section(dana, monkeypatch):
    monkeypatch.setattr("rapport.engine.accounts.audit.sections.SECTIONS", dict(SECTIONS))
    found = Section("mailboxes", "Mailboxes", Verdict.ACT, "A mailbox is open.")
    add_section("mailboxes", lambda asked: Looked(found))
    with pytest.raises(ValueError, match="mailboxes"):
        add_section("mailboxes", lambda asked: Looked(found))
    add_section("silent", lambda asked: Looked(None), place=0)
    report = make_report()
    assert [one.name for one in report.sections][-1] == "mailboxes"
    assert "silent" not in [one.name for one in report.sections]
    assert report.verdict is Verdict.ACT


def test_looking_changes_nothing(dana, bob):
    from tests.trust.traces import fingerprint

    before = fingerprint()
    make_report(full=True)
    assert fingerprint() == before
