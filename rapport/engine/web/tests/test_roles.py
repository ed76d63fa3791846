"""Roles through their pages: made, copied, seen beforehand, saved, refused with reasons, taken back."""

import re
from html.parser import HTMLParser

import pytest

from rapport.engine.accounts.models import User
from rapport.engine.events.act import open_act
from rapport.engine.records.definitions import check_again
from rapport.engine.records.gate import EVERY_VERB, FULL, policies_of
from rapport.engine.records.gate.policies import as_json
from rapport.engine.records.models import Role
from rapport.engine.records.roles.actions import change_role
from rapport.engine.web.tests.making import FIELDS, make_field, page_of, undo_last

ROLES = "/settings/roles/"
NOTHING = dict.fromkeys(EVERY_VERB, "none")


def problems(html):
    return re.findall(r'class="problem"[^<]*<', html)


class Form(HTMLParser):
    """What a browser would send for a form: its inputs with their values."""

    def __init__(self, html):
        super().__init__()
        self.sent, self.select = {}, None
        self.feed(re.search(r'<form[^>]* class="(?:role|buttons)".*?</form>', html, re.S)[0])

    def handle_starttag(self, tag, attrs):
        got = dict(attrs)
        is_sent = got.get("type") != "checkbox" or "checked" in got
        if tag == "input" and is_sent and got["name"] != "csrfmiddlewaretoken":
            self.sent[got["name"]] = got.get("value") or ("on" if got.get("type") == "checkbox" else "")
        if tag == "select":
            self.select = got["name"]
        if tag == "option" and ("selected" in got or self.select not in self.sent):
            self.sent[self.select] = got["value"]


def form_of(client, role):
    return Form(page_of(client, f"{ROLES}{role}/")).sent


@pytest.fixture
def scout(admin):
    """A role that grants nothing yet."""
    assert admin.post(f"{ROLES}new", {"name": "Scout", "purpose": "Looks around"}).status_code == 302
    check_again()
    return Role.objects.get(name="Scout")


def rights(slug="people", **more):
    """A type of its own with these rights, as a form sends it."""
    return {f"{slug}.{verb}": how for verb, how in (NOTHING | more).items()}


def save(client, role, sent, **more):
    now = form_of(client, role)
    for slug in {name.partition(".")[0] for name in sent}:
        now.pop(f"{slug}.like", None)
    answer = client.post(f"{ROLES}{role}/", {**now, **sent, "save": "1", **more}, follow=True)
    check_again()
    return answer


class TestMaking:
    def test_empty_then_listed_with_how_many_have_it(self, admin, alice, scout):
        page = page_of(admin, ROLES)
        assert re.search(r'href="/settings/roles/scout/">Scout</a>.*?Looks around.*?<td class="num">0<', page, re.S)
        assert re.search(r">Member</a> .*?Built in.*?<td class=\"num\">1<", page, re.S)
        assert policies_of("scout")["*"].reach == NOTHING

    def test_a_copy_grants_the_same(self, admin, scout):
        save(admin, "scout", rights(read="team") | {"people.field.phones": "hidden"})
        assert 'value="scout" selected' in page_of(admin, f"{ROLES}new", copy="scout")
        admin.post(f"{ROLES}new", {"name": "Second scout", "copy": "scout"})
        check_again()
        assert as_json(policies_of("second-scout")) == as_json(policies_of("scout"))
        assert policies_of("scout")["people"].hidden == {"phones"}

    def test_a_name_twice_and_a_copy_of_nothing_are_refused(self, admin, scout):
        for raw, words in (
            ({"name": " SCOUT "}, "There is a role of this name."),
            ({"name": ""}, "Give it a name of at most 100 characters."),
            ({"name": "Other", "copy": "emperor"}, "There is no such role."),
        ):
            answer = admin.post(f"{ROLES}new", raw)
            assert answer.status_code == 422
            assert words in answer.content.decode()
        assert Role.objects.count() == 1

    def test_undone_and_done_again(self, admin):
        made = admin.post(f"{ROLES}new", {"name": "Scout"}, follow=True)
        undo_last(admin, made)
        assert admin.get(f"{ROLES}scout/").status_code == 404
        admin.post(f"{ROLES}new", {"name": "Scout"})
        check_again()
        assert "Scout" in page_of(admin, f"{ROLES}scout-2/")


class TestChanging:
    def test_seen_beforehand_then_saved_then_taken_back(self, admin, dana, alice, make, scout):
        User.objects.filter(pk=alice.pk).update(role="scout")
        for owner in ("me", None):
            make(dana, "people", name="Of Dana", owner=owner)
        sent = form_of(admin, "scout") | rights(read="all", create="own") | {"people.field.phones": "hidden"}
        sent.pop("people.like")
        seen = admin.post(f"{ROLES}scout/", sent).content.decode()
        assert "1 user has this role. Something changes for 1:" in seen
        text = " ".join(re.sub(r"<[^>]+>", " ", seen).split())
        assert "See 0 → becomes 2" in text
        assert "Create None → becomes Own" in text
        assert policies_of("scout").keys() == {"*"}

        back = admin.post(f"{ROLES}scout/", Form(seen).sent | {"back": "1"}).content.decode()
        assert Form(back).sent == sent
        answer = admin.post(f"{ROLES}scout/", Form(seen).sent | {"save": "1"}, follow=True)
        check_again()
        assert "The role Scout was saved." in answer.content.decode()
        assert policies_of("scout")["people"].reach == NOTHING | {"read": "all", "create": "own"}
        assert policies_of("scout")["people"].hidden == {"phones"}
        undo_last(admin, answer)
        check_again()
        assert policies_of("scout").keys() == {"*"}

    def test_what_becomes_of_fields_is_said(self, admin, alice):
        sent = form_of(admin, "member") | {"people.field.phones": "hidden", "people.field.stage": "locked"}
        sent.pop("people.like")
        page = admin.post(f"{ROLES}member/", sent).content.decode()
        assert "Phone: hidden" in page
        assert "Stage: read-only" in page

    def test_nothing_changes_for_nobody(self, admin, scout):
        assert "Nobody has this role" in admin.post(f"{ROLES}scout/", form_of(admin, "scout")).content.decode()
        assert "Nothing changes in what" not in admin.post(f"{ROLES}scout/", form_of(admin, "scout")).content.decode()

    def test_the_form_of_every_role_reads_back_as_it_is(self, admin, scout):
        save(admin, "scout", rights(read="filter", change="tree", export="team")
             | {"people.read.where": "owner = my team and stage = lead", "people.field.phones": "hidden"}
             | {"companies.like": "on", "memberships.field.title": "locked", "*.read": "own"})  # fmt: skip
        for role in ("member", "scout"):
            kept = as_json(policies_of(role))
            assert save(admin, role, {}).status_code == 200
            assert as_json(policies_of(role)) == kept
        assert kept["people"]["where"] == {"read": "owner = my team and stage = lead"}
        assert kept["memberships"]["locked"] == ["title"]
        assert kept.keys() == {"*", "people", "memberships"}

    def test_what_was_not_asked_stays(self, admin, scout):
        save(admin, "scout", rights(read="all") | {"people.field.phones": "hidden"})
        kept = as_json(policies_of("scout"))
        admin.post(f"{ROLES}scout/", {"name": "Scouts", "save": "1", "version": "2"})
        check_again()
        assert as_json(policies_of("scout")) == kept
        assert "Scouts" in page_of(admin, f"{ROLES}scout/")

    def test_a_hidden_field_that_is_deleted_comes_back_hidden(self, admin, scout):
        field = make_field(admin)
        save(admin, "scout", rights(read="all") | {"people.field.x_own": "hidden"})
        admin.post(f"{FIELDS}{field.pk}/delete", {"confirmed": "1"})
        check_again()
        assert "x_own" not in page_of(admin, f"{ROLES}scout/")
        save(admin, "scout", {"people.export": "own"})
        assert policies_of("scout")["people"].hidden == {"x_own"}
        admin.post(f"{FIELDS}{field.pk}/restore")
        check_again()
        assert form_of(admin, "scout")["people.field.x_own"] == "hidden"

    @pytest.mark.parametrize(
        ("sent", "place", "words"),
        [
            ({"people.read": "filter"}, "t-people-read-where", "Write the filter"),
            ({"people.read": "filter", "people.read.where": "stag = lead"}, "t-people-read-where", "stag"),
            ({"people.change": "galaxy"}, "t-people-change", "A right reaches one of"),
            ({"*.read": "filter"}, "t-rest-read", "A filter asks records of one kind"),
            (
                {"people.read": "filter", "people.read.where": "stage = lead", "people.field.stage": "hidden"},
                "t-people-read-where", "This role hides “stage”",
            ),
            (
                {"people.read": "filter", "people.read.where": 'company.city = "Oslo"'},
                "t-people-read-where", "This role sees no companies",
            ),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_told_at_its_place_and_nothing_is_lost(self, admin, scout, sent, place, words):
        typed = form_of(admin, "scout") | {"name": "Scout two"} | rights() | sent
        typed.pop("people.like")
        for button in ({}, {"save": "1"}):
            answer = admin.post(f"{ROLES}scout/", typed | button)
            html = answer.content.decode()
            assert answer.status_code == 422
            said = re.search(rf'id="{place}-error">([^<]*)<', html) or re.search(rf'id="{place}"[^>]*invalid', html)
            assert said, problems(html)
            assert words in html, problems(html)
            kept = {name: value for name, value in sent.items() if value != "galaxy" and not name.startswith("*")}
            assert Form(html).sent | kept | {"name": "Scout two"} == Form(html).sent
        check_again()
        assert policies_of("scout").keys() == {"*"}

    def test_as_many_fields_as_there_can_be(self, admin, scout):
        many = {f"people.field.x_{number}": "" for number in range(1500)}
        assert "The role Scout was saved." in save(admin, "scout", rights(read="all") | many).content.decode()

    def test_a_field_is_shown_read_only_or_hidden(self, admin, scout):
        answer = save(admin, "scout", rights(read="all") | {"people.field.phones": "veiled"})
        assert answer.status_code == 422
        assert "not “veiled”" in answer.content.decode()

    def test_notes_may_be_asked_where_people_are_seen(self, admin, scout):
        where = 'count(notes where text ~ "x") > 0'
        save(admin, "scout", rights(read="filter") | {"people.read.where": where})
        assert policies_of("scout")["people"].where == {"read": where}

    def test_who_saved_meanwhile_is_told_and_nothing_is_lost(self, admin, dana, scout):
        mine = form_of(admin, "scout") | rights(read="own")
        mine.pop("people.like")
        with open_act(dana.actor) as act:
            change_role(act, "scout", {"policies": {"*": {"reach": NOTHING | {"read": "all"}}}, "purpose": "Theirs"})
        answer = admin.post(f"{ROLES}scout/", mine | {"save": "1"})
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "Somebody else saved this role while you worked on it." in html
        text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
        assert "All other records: See All → becomes None" in text
        assert "What it is for Theirs → becomes Looks around" in text
        again = Form(html).sent
        assert again["people.read"] == "own"
        assert admin.post(f"{ROLES}scout/", again | {"save": "1"}).status_code == 302

    def test_offers_while_a_filter_is_written(self, admin, browse, alice):
        offers = page_of(admin, f"{ROLES}complete/people", text="company.ind", at="11")
        assert "industry" in offers
        assert admin.get(f"{ROLES}complete/notes").status_code == 404
        assert browse(alice).get(f"{ROLES}complete/people").status_code == 403


class TestRefusing:
    def test_administrators_may_do_everything(self, admin):
        page = page_of(admin, f"{ROLES}admin/")
        assert "Administrators may do everything." in page
        assert 'class="role"' not in page
        assert admin.post(f"{ROLES}admin/", {"name": "Emperor", "save": "1"}).status_code == 403
        answer = admin.post(f"{ROLES}admin/delete", follow=True)
        assert "there from the first day" in answer.content.decode()

    def test_the_members_role_is_changed_but_not_deleted(self, admin, alice):
        answer = save(admin, "member", rights(**FULL.reach) | {"people.field.phones": "locked"})
        assert "The role Member was saved." in answer.content.decode()
        assert policies_of("member")["people"].locked == {"phones"}
        assert "/settings/roles/member/delete" not in page_of(admin, f"{ROLES}member/")
        answer = admin.post(f"{ROLES}member/delete", follow=True)
        assert "cannot be deleted" in answer.content.decode()

    def test_one_that_somebody_has_is_not_deleted(self, admin, alice, scout):
        User.objects.filter(pk=alice.pk).update(role="scout")
        answer = admin.post(f"{ROLES}scout/delete", follow=True)
        assert "1 user has this role. Give them another one first." in answer.content.decode()
        User.objects.filter(pk=alice.pk).update(role="member")
        answer = admin.post(f"{ROLES}scout/delete", follow=True)
        assert admin.get(f"{ROLES}scout/").status_code == 404
        undo_last(admin, answer)
        assert admin.get(f"{ROLES}scout/").status_code == 200

    def test_members_are_refused(self, browse, alice, scout):
        browser = browse(alice)
        for path in ("", "new", "scout/"):
            assert browser.get(f"{ROLES}{path}").status_code == 403
        for path in ("new", "scout/", "scout/delete"):
            assert browser.post(f"{ROLES}{path}", {"name": "Mine", "save": "1"}).status_code == 403
        assert Role.objects.get().name == "Scout"

    def test_a_role_that_is_not_there(self, admin):
        assert admin.get(f"{ROLES}emperor/").status_code == 404
        assert admin.post(f"{ROLES}emperor/delete").status_code == 404
