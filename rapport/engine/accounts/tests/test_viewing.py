"""An administrator sees pages as somebody else does: all of them, and only looks."""

import pytest

from rapport.engine.accounts import actions
from rapport.engine.accounts.models import Role
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import JournalEntry
from rapport.engine.records.registry import record_type
from rapport.engine.web.tests.conftest import make as make  # noqa: PLC0414  a fixture
from tests.fixtures.cast import alice, charlie, dana
from tests.fixtures.signing import signed_in_client

pytestmark = pytest.mark.django_db
__all__ = ["alice", "charlie", "dana"]


@pytest.fixture
def looking(dana, charlie):
    """Dana's browser, in which she looks on as Charlie."""
    client = signed_in_client(dana)
    assert client.post(f"/settings/users/{charlie.pk}/view-as").status_code == 302
    return client


def said(client, path):
    return " ".join(client.get(path).content.decode().split())


def test_pages_show_what_the_other_sees(looking, alice, charlie, make):
    make(alice, "people", name="Hers", owner="me", phones="+4777601234")
    make(alice, "people", name="His", owner=str(charlie.pk), phones="+4777601235")
    page = said(looking, "/people/?columns=name,phones")
    assert "His" in page
    assert "Hers" not in page
    assert "601235" not in page
    assert "You see what Charlie sees. Nothing can be changed." in page
    for place in ("/people/?layout=board", "/people/count", "/search?q=hers", "/lookup/people?q=hers"):
        assert "Hers" not in said(looking, place)
    assert looking.get("/settings/users/").status_code == 403
    assert looking.get("/settings/roles/").status_code == 403


def test_nothing_is_done_in_the_name_of_the_other(looking, charlie, make):
    person = make(charlie, "people", name="His", owner="me")
    before = JournalEntry.objects.count()
    for path, form in (
        ("/people/new", {"name": "New"}),
        (f"/people/{person.pk}/edit/source", {"source": "x"}),
        (f"/people/{person.pk}/delete", {}),
        (f"/people/{person.pk}/share", {}),
        ("/settings/tokens/", {"name": "Mine", "scope": "read"}),
        ("/settings/account/", {"name": "Other"}),
    ):
        assert looking.post(path, form).status_code == 403, path
    assert looking.get("/people/export.csv").status_code == 403
    assert JournalEntry.objects.count() == before
    assert record_type("people").rows().get().source == ""


def test_it_ends_and_the_journal_tells_of_both(looking, dana, charlie):
    assert looking.post("/settings/view-as-oneself").status_code == 302
    assert looking.get("/settings/users/").status_code == 200
    told = JournalEntry.objects.filter(kind__startswith="user.view").order_by("id")
    assert [(one.kind, one.about_id, one.user_id) for one in told] == [
        ("user.viewed_as", charlie.pk, dana.pk),
        ("user.viewing_ended", charlie.pk, dana.pk),
    ]


def test_who_looks_on_can_sign_out(looking):
    assert looking.post("/sign-out/").status_code == 302
    assert looking.get("/people/").status_code == 302


def test_the_own_pages_stay_ones_own(looking, dana):
    assert dana.email in said(looking, "/settings/account/")


def test_who_is_no_administrator_any_more_looks_no_longer(looking, dana, charlie):
    other = signed_in_client(dana)
    with open_act(dana.actor) as act:
        helper = actions.add_user(act, email="hal@northwind.example", name="Hal", role=Role.ADMIN)
    with open_act(helper.actor) as act:
        actions.change_role(act, dana, role=Role.MEMBER)
    assert "You see what" not in said(looking, "/people/")
    assert other.post(f"/settings/users/{charlie.pk}/view-as").status_code == 403


def test_nobody_else_looks_on(alice, dana, charlie):
    client = signed_in_client(alice)
    assert client.post(f"/settings/users/{charlie.pk}/view-as").status_code == 403
    client = signed_in_client(dana)
    client.post(f"/settings/users/{dana.pk}/view-as")
    assert "You see what" not in said(client, "/people/")


def test_an_act_refuses_whoever_looks_on(looking, dana, charlie):
    from dataclasses import replace

    with pytest.raises(NotAllowed), open_act(replace(charlie.actor, onlooker=dana.pk)):
        pass


def test_what_a_user_may_see_is_said_in_words(dana, charlie, alice):
    page = said(signed_in_client(dana), f"/settings/users/{charlie.pk}/access")
    for words in ("What may Charlie see?", "their own", "Phone", "The role Stranger hides “Phone”."):
        assert words in page
    assert signed_in_client(alice).get(f"/settings/users/{charlie.pk}/access").status_code == 403
