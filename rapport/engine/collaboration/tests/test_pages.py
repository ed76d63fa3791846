"""Pages: written together by the members of their workspace, shown safely, and brought back as they were."""

import re

import pytest

from rapport.engine.accounts.notifications import waking
from rapport.engine.collaboration.models import Page
from rapport.engine.collaboration.rendering import rendered
from rapport.engine.collaboration.tests.making import found, make, seen, undo
from rapport.engine.collaboration.writing import write_page
from rapport.engine.events.act import open_act

pytestmark = pytest.mark.django_db


@pytest.fixture
def space(alice, bob):
    return make(alice, "workspaces", name="Spring fair", members=[str(alice.pk), str(bob.pk)])


@pytest.fixture
def page(alice, space):
    return make(alice, "pages", title="Agenda", text="Tents\nBoots", workspace=str(space.pk))


def url_of(page):
    return f"/workspaces/{page.workspace_id}/pages/{page.pk}"


def typed(browser, page, text, base, **more):
    return browser.post(url_of(page), {"text": text, "base": base, "title": page.title}, **more)


def now(page):
    return Page.objects.get(pk=page.pk).text


def test_a_page_is_begun_in_the_panel_of_its_workspace(bob, browse, space):
    browser = browse(bob)
    answer = browser.post(f"/workspaces/{space.pk}/pages/new", {"title": "Agenda"})
    assert answer["Location"] == f"{url_of(Page.objects.get())}?write=1"
    shown = browser.get(f"/workspaces/{space.pk}/").content.decode()
    assert "Agenda" in shown
    assert "began the page" in shown
    assert browser.post(f"/workspaces/{space.pk}/pages/new", {"title": ""}).status_code == 302
    assert Page.objects.count() == 1


def test_members_alone_see_write_and_find_it(bob, dana, browse, page):
    assert seen(bob, "pages") == {page.pk}
    assert seen(dana, "pages") == set()
    stranger = browse(dana)
    assert stranger.get(url_of(page)).status_code == 404
    assert typed(stranger, page, "Mine", "Tents\nBoots").status_code == 404
    assert stranger.get(f"{url_of(page)}/history").status_code == 404
    assert stranger.post(f"/workspaces/{page.workspace_id}/pages/new", {"title": "x"}).status_code == 404
    assert found(bob, "boots") == ["Spring fair"]
    assert found(dana, "boots") == []
    assert now(page) == "Tents\nBoots"


def test_two_who_write_at_once_are_merged_line_by_line(alice, bob, browse, page):
    script = {"headers": {"HX-Request": "true"}}
    first = typed(browse(alice), page, "Big tents\nBoots", "Tents\nBoots", **script).json()
    second = typed(browse(bob), page, "Tents\r\nBoots\r\nRopes", "Tents\r\nBoots", **script).json()
    assert first["text"] == "Big tents\nBoots"
    assert second["text"] == now(page) == "Big tents\nBoots\nRopes"
    third = typed(browse(alice), page, "Big tents\nRed boots", "Big tents\nBoots", **script).json()
    assert third["text"] == "Big tents\nRed boots\nRopes"


def test_who_typed_nothing_gets_what_others_wrote_and_changes_nothing(alice, browse, page, monkeypatch):
    woken = []
    monkeypatch.setattr(waking, "_notify", lambda _channel, keys: woken.extend(keys))
    answer = typed(browse(alice), page, "Old", "Old", headers={"HX-Request": "true"}).json()
    assert answer == {"text": "Tents\nBoots", "version": 1}
    assert woken == []
    typed(browse(alice), page, "Tents", "Tents\nBoots")
    assert woken == [page.pk]


def test_a_plain_form_saves_it_with_undo(alice, browse, page):
    browser = browse(alice)
    assert typed(browser, page, "Ropes", "Tents\nBoots")["Location"] == url_of(page)
    shown = browser.get(url_of(page)).content.decode()
    assert "Ropes" in shown
    browser.post(f"/batches/{re.search(r'/batches/([0-9a-f-]+)/undo', shown)[1]}/undo")
    assert now(page) == "Tents\nBoots"


def test_what_is_too_long_is_refused_and_stays_typed(alice, browse, page):
    answer = typed(browse(alice), page, "x" * 100_001, "Tents\nBoots")
    assert answer.status_code == 422
    assert "x" * 100_001 in answer.content.decode()
    by_script = typed(browse(alice), page, "x" * 100_001, "Tents\nBoots", headers={"HX-Request": "true"})
    assert "100000" in by_script.json()["problem"]
    assert now(page) == "Tents\nBoots"


def test_an_earlier_version_is_brought_back(alice, bob, browse, page):
    typed(browse(bob), page, "Nothing at all", "Tents\nBoots")
    browser = browse(alice)
    shown = browser.get(f"{url_of(page)}/history").content.decode()
    assert "Bob" in shown
    assert "Tents\nBoots" in shown
    (entry,) = re.findall(r'name="entry" value="(\d+)"', shown)
    browser.post(f"{url_of(page)}/back", {"entry": entry})
    assert now(page) == "Tents\nBoots"
    assert browser.post(f"{url_of(page)}/back", {"entry": "999999"}).status_code == 404


def test_a_version_of_another_page_cannot_be_had(alice, bob, dana, browse, page):
    other = make(dana, "workspaces", name="Secret", members=[str(dana.pk)])
    secret = make(dana, "pages", title="Plan", text="Sell all", workspace=str(other.pk))
    shown = browse(dana).get(f"{url_of(secret)}/history").content.decode()
    with open_act(dana.actor) as act:
        write_page(act, secret, text="Sell nothing", base="Sell all")
    shown = browse(dana).get(f"{url_of(secret)}/history").content.decode()
    (entry,) = re.findall(r'name="entry" value="(\d+)"', shown)
    assert browse(alice).post(f"{url_of(page)}/back", {"entry": entry}).status_code == 404
    assert now(page) == "Tents\nBoots"


def test_it_is_deleted_and_comes_back(alice, browse, page):
    browser = browse(alice)
    browser.post(f"{url_of(page)}/delete")
    assert seen(alice, "pages") == set()
    shown = browser.get(f"/workspaces/{page.workspace_id}/").content.decode()
    undo(alice, re.search(r"/batches/([0-9a-f-]+)/undo", shown)[1])
    assert seen(alice, "pages") == {page.pk}


def test_it_is_shown_as_what_it_says_and_never_as_html(alice):
    text = "# Plan\n- **tents**\n[site](https://x.no) [bad](javascript:alert(1)) <script>alert(1)</script> ![x](https://x.no/a.png)"
    html = rendered(alice.actor, text)
    assert "<h2>Plan</h2>" in html
    assert "<strong>tents</strong>" in html
    assert 'href="https://x.no"' in html
    assert "<script" not in html
    assert "javascript:" not in re.findall(r'href="([^"]*)"', html)
    assert "<img" not in html
