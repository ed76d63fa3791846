"""The record page as it is arranged for a role: moved, hidden, put on the other side, taken back, seen beforehand."""

import re

import pytest

from rapport.customers.models import Membership
from rapport.engine.events.act import open_act
from rapport.engine.records.definitions import check_again
from rapport.engine.records.models import PageLayout
from rapport.engine.records.registry import Panel, attach, record_type
from rapport.engine.web.tests.making import page_of, undo_last

LAYOUT = "/settings/layout/companies/"
QUALITY = "Data quality"  # of a company that lacks much
MEMBERS = f"{LAYOUT}member/"


@pytest.fixture
def fjord(dana, make):
    """A company with somebody in it and one below it, so that each of its panels but one has something to show."""
    company = make(dana, "companies", name="Fjord")
    make(dana, "people", name="Amara", company=str(company.pk))
    make(dana, "companies", name="Little Fjord", parent=str(company.pk))
    assert Membership.objects.count() == 1
    return company


OF_EVERY_RECORD = ("Files", "Tasks")


def sides(client, company, **query):
    """The headings of the panels left and right, without those that every record has."""
    page = page_of(client, f"/companies/{company.pk}/", **query)
    found = []
    for side in ("left", "right"):
        aside = re.search(rf'<aside class="{side}".*?</aside>', page, re.DOTALL)
        headings = re.findall(r"<h2>(.*?)</h2>", aside[0]) if aside else []
        found.append([one for one in headings if one not in OF_EVERY_RECORD])
    return found


def do(client, deed, panel, place=MEMBERS):
    answer = client.post(place, {deed: panel}, follow=True)
    assert answer.status_code == 200
    check_again()
    return answer


def test_panels_are_moved_hidden_and_put_on_the_other_side(admin, browse, alice, fjord):
    member = browse(alice)
    assert sides(member, fjord) == [[QUALITY], ["People", "Subsidiaries"]]
    do(admin, "down", "people")
    assert sides(member, fjord) == [[QUALITY], ["Subsidiaries", "People"]]
    do(admin, "left", "people")
    assert sides(member, fjord) == [[QUALITY, "People"], ["Subsidiaries"]]
    for panel in ("subsidiaries", "files", "tasks"):
        do(admin, "hide", panel)
    assert sides(member, fjord) == [[QUALITY, "People"], []]
    assert 'class="record no-right"' in page_of(member, f"/companies/{fjord.pk}/")
    assert sides(admin, fjord) == [[QUALITY], ["People", "Subsidiaries"]]
    do(admin, "show", "subsidiaries")
    assert sides(member, fjord) == [[QUALITY, "People"], ["Subsidiaries"]]
    assert PageLayout.objects.count() == 1


def test_a_panel_that_is_hidden_asks_nothing(admin, browse, alice, fjord, django_assert_max_num_queries):
    member, place = browse(alice), f"/companies/{fjord.pk}/"
    page_of(member, place)

    def asked():
        with django_assert_max_num_queries(99) as queries:
            page_of(member, place)
        return len(queries.captured_queries)

    before = asked()
    do(admin, "hide", "people")
    page_of(member, place)
    assert asked() < before


def test_undone_and_as_it_was(admin, browse, alice, fjord):
    member = browse(alice)
    undo_last(admin, do(admin, "hide", "people"))
    check_again()
    assert sides(member, fjord) == [[QUALITY], ["People", "Subsidiaries"]]
    do(admin, "hide", "people")
    do(admin, "down", "subsidiaries")
    assert "As it was" in page_of(admin, MEMBERS)
    back = admin.post(f"{MEMBERS}reset", follow=True)
    assert sides(member, fjord) == [[QUALITY], ["People", "Subsidiaries"]]
    assert "As it was" not in page_of(admin, MEMBERS)
    undo_last(admin, back)
    check_again()
    assert sides(member, fjord) == [[QUALITY], ["Subsidiaries"]]


def test_seen_beforehand_by_administrators_only(admin, browse, alice, fjord):
    do(admin, "hide", "people")
    assert sides(admin, fjord, **{"as": "member"}) == [[QUALITY], ["Subsidiaries"]]
    assert "as they do for: Members" in page_of(admin, f"/companies/{fjord.pk}/", **{"as": "member"})
    assert sides(browse(alice), fjord, **{"as": "admin"}) == [[QUALITY], ["Subsidiaries"]]
    assert re.search(r'href="/companies/[0-9a-f-]{36}/\?as=member"', page_of(admin, MEMBERS))
    assert f'href="{LAYOUT}"' in page_of(admin, f"/companies/{fjord.pk}/")
    assert f'href="{LAYOUT}"' not in page_of(browse(alice), f"/companies/{fjord.pk}/")


def test_what_was_hidden_is_no_secret(admin, browse, alice, fjord):
    do(admin, "hide", "people")
    assert "Amara" in page_of(browse(alice), "/people/", where=f"company = {fjord.pk}")


def test_panels_that_are_gone_or_new_break_nothing(admin, dana, browse, alice, fjord):
    with open_act(dana.actor) as act:
        kept = [{"name": "gone", "side": "left", "shown": True}, {"name": "subsidiaries", "side": "up"}, "nonsense"]
        act.create(PageLayout(record_type="companies", role="member", panels=kept))
    check_again()
    assert sides(browse(alice), fjord) == [[QUALITY], ["Subsidiaries", "People"]]


def test_where_there_is_nothing_to_arrange(admin, browse, alice):
    assert admin.get("/settings/layout/notes/").status_code == 404
    assert admin.get("/settings/layout/companies/nobody/").status_code == 404
    assert admin.post(MEMBERS, {"up": "nothing"}).status_code == 404
    assert admin.post(MEMBERS, {}).status_code == 404
    assert browse(alice).get(MEMBERS).status_code == 403
    assert browse(alice).post(MEMBERS, {"hide": "people"}).status_code == 403
    assert browse(alice).post(f"{MEMBERS}reset").status_code == 403
    assert not PageLayout.objects.exists()


def test_panels_have_names_of_their_own():
    companies = record_type("companies")
    kept = list(companies.panels)
    try:
        with pytest.raises(ValueError, match="names of their own"):
            attach(companies, panels=[Panel("Twice", "x.html", lambda _actor, _row: None, name="people")])
    finally:
        companies.panels[:] = kept
