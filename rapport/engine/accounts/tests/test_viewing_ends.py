"""Viewing as somebody: when it ends by itself, what the API and parts of pages say meanwhile."""

import orjson
import pytest

from rapport.engine.accounts.models import Role
from rapport.engine.accounts.viewing import KEY
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.models import JournalEntry
from rapport.engine.web.tests.conftest import make as make  # noqa: PLC0414  a fixture
from tests.fixtures.cast import alice, charlie, dana
from tests.fixtures.signing import signed_in_client

pytestmark = pytest.mark.django_db
__all__ = ["alice", "charlie", "dana"]
STOP = "/settings/view-as-oneself"


@pytest.fixture
def looking(dana, charlie):
    """Dana's browser, in which she looks on as Charlie."""
    client = signed_in_client(dana)
    assert client.post(f"/settings/users/{charlie.pk}/view-as").status_code == 302
    return client


@pytest.fixture
def his(alice, charlie, make):
    """A person of Charlie's; another is Alice's."""
    make(alice, "people", name="Hers", owner="me")
    return make(alice, "people", name="His", owner=str(charlie.pk))


def ended():
    return [one.about_id for one in JournalEntry.objects.filter(kind="user.viewing_ended").order_by("id")]


def test_signing_out_ends_it_and_is_noted(looking, charlie):
    assert looking.post("/sign-out/").status_code == 302
    assert ended() == [charlie.pk]


def test_it_does_not_come_back_with_the_role(looking, dana, charlie):
    for role in (Role.MEMBER, Role.ADMIN):
        with open_act(SYSTEM) as act:
            act.change(dana, role=role)
        assert "You see what" not in looking.get("/people/").content.decode()
    assert ended() == [charlie.pk]
    assert KEY not in looking.session


def test_it_ends_when_the_other_is_shut_out(looking, charlie):
    with open_act(SYSTEM) as act:
        act.change(charlie, deactivated_at=act.now)
    assert looking.get("/settings/users/").status_code == 200
    assert ended() == [charlie.pk]


def test_a_member_with_the_mark_in_the_session_is_themselves(alice, charlie, his):
    client = signed_in_client(alice)
    session = client.session
    session[KEY] = str(charlie.pk)
    session.save()
    assert "Hers" in client.get("/people/").content.decode()


def test_the_api_of_this_browser_answers_as_to_the_other_and_refuses_in_its_own_words(looking, his):
    found = orjson.loads(looking.get("/api/v1/people?count=1").content)
    assert ([one["name"] for one in found["items"]], found["count"]["value"]) == (["His"], 1)
    for method, path in (("POST", "people"), ("PATCH", f"people/{his.pk}"), ("DELETE", f"people/{his.pk}")):
        answer = looking.generic(method, f"/api/v1/{path}", b'{"name": "x"}', content_type="application/json")
        problem = orjson.loads(answer.content)
        assert (answer.status_code, problem["type"]) == (403, "urn:rapport:problem:not-allowed")
        assert problem["detail"] == "You only look on as Charlie."


def test_looking_as_another_takes_nothing_from_what_they_may_ask(looking, charlie, settings):
    settings.API_REQUESTS_A_MINUTE = 3
    assert [looking.get("/api/v1/people").status_code for _time in range(4)] == [200, 200, 200, 429]
    assert signed_in_client(charlie).get("/api/v1/people").status_code == 200


@pytest.mark.parametrize("path", ["/people/export.csv", "/people/export.xlsx", "/people/chart.csv?by=stage"])
def test_nothing_leaves_the_house_in_the_name_of_the_other(looking, his, path):
    before = JournalEntry.objects.count()
    answer = looking.get(path)
    assert (answer.status_code, JournalEntry.objects.count()) == (403, before)
    assert "You only look on as Charlie." in answer.content.decode()


def test_the_page_that_says_no_shows_the_way_out(looking):
    for answer in (looking.get("/settings/users/"), looking.post("/people/new", {"name": "x"})):
        assert answer.status_code == 403
        assert f'action="{STOP}"' in answer.content.decode()


def test_a_part_of_a_page_says_no_in_a_word_above_it(looking, his):
    answer = looking.post(f"/people/{his.pk}/edit/source", {"source": "x"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "<template data-refused>" in page
    assert "You only look on as Charlie." in page
    assert "<html" not in page
