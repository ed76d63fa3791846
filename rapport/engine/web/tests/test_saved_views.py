"""Saved views as tabs of a list: saving, changing, sharing, opening, and what others see of them."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapport.engine.events.act import open_act
from rapport.engine.records import gate
from rapport.engine.records.models import DefaultView, SavedView
from rapport.engine.records.registry import record_type
from rapport.engine.records.saved.actions import create_view
from tests.fixtures.cast import make_user

LEADS = {"part.where": "stage = lead", "part.order": "name", "part.columns": "name,stage"}


@pytest.fixture
def bob(db):
    return make_user("Bob")


@pytest.fixture
def people(alice, make):
    return [make(alice, "people", name=name, stage=stage, owner="me") for name, stage in
            (("Amara", "lead"), ("Bruno", "customer"), ("Chiara", "lead"))]  # fmt: skip


@pytest.fixture
def leads(alice, browse, people) -> SavedView:
    assert browse(alice).post("/people/views/", {"name": "Leads", "shared": "1", **LEADS}).status_code == 302
    return view("Leads")


def view(name: str) -> SavedView:
    found: SavedView = SavedView._default_manager.get(name=name, deleted_at=None)
    return found


def keep(user: Any, name: str, *, shared: bool = False, **parts: str) -> SavedView:
    with open_act(user.actor) as act:
        return create_view(act, record_type("people"), {"name": name, "is_shared": shared, "parts": parts})


def page_of(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


def row_of_tabs(page: str) -> str:
    return page.split('class="tools views"')[1].split("</nav>", maxsplit=1)[0]


def tabs(page: str) -> list[str]:
    return [re.sub(r"<[^>]*>", "", one) for one in re.findall(r'<span class="name">(.*?)</span>', row_of_tabs(page))]


def on(page: str) -> list[str]:
    return re.findall(r'aria-current="true".*?<span class="name">(.*?)</span>', row_of_tabs(page))


def deed(client: Client, row: SavedView, name: str) -> Any:
    return client.post(f"/people/views/{row.pk}/{name}")


def undo(client: Client, page: str) -> Any:
    *_earlier, batch = re.findall(r'action="/batches/([^/]+)/undo"', page)
    return client.post(f"/batches/{batch}/undo")


def test_a_list_is_saved_and_opened_again(alice, browse, leads):
    client = browse(alice)
    answer = client.get(f"/people/views/{leads.pk}/")
    parts = {name: one for name, (one,) in parse_qs(urlsplit(answer["Location"]).query).items()}
    assert parts == {"view": str(leads.pk), "where": "stage = lead", "order": "name", "columns": "name,stage"}
    page = page_of(client, answer["Location"])
    assert tabs(page) == ["All people", "Leads", "Mine", "Deleted"]
    assert on(page) == ["Leads"]
    assert ("Amara" in page, "Bruno" in page) == (True, False)
    assert "Save view" not in page
    assert "Save changes" not in page
    assert "Leads" in page_of(client, client.post("/people/views/", {"name": "Again"})["Location"])


def test_only_a_list_that_differs_from_its_tab_can_be_saved(alice, browse, people):
    client = browse(alice)
    for address in ("/people/", "/people/?where=owner = me", "/people/?deleted=1", "/people/?order=-created_at"):
        assert "Save view" not in page_of(client, address), address
    for address in ("/people/?where=stage = lead", "/people/?order=name", "/people/?columns=name,stage"):
        assert "Save view" in page_of(client, address), address
    assert "Save view" not in page_of(client, "/people/?where=no such thing")


def test_tabs_stand_in_their_order_and_lead_to_whole_addresses(alice, browse, leads):
    keep(alice, "My own", where="owner = me and stage = lead")
    keep(alice, "Everybody's second", shared=True, order="name")
    page = page_of(browse(alice), "/people/")
    assert tabs(page) == ["All people", "Leads", "Everybody's second", "My own", "Mine", "Deleted"]
    assert f"/people/?view={leads.pk}&where=stage+%3D+lead&order=name&columns=name%2Cstage" in page


def test_what_differs_is_marked_and_can_be_kept(alice, browse, leads):
    client = browse(alice)
    address = f"/people/?view={leads.pk}&where=stage = customer&order=name&columns=name,stage"
    page = page_of(client, address)
    assert on(page) == ["Leads"]
    assert '<span class="sr">changed</span>' in page
    assert "Save changes" in page
    assert "Save as new view" in page
    sent = {**LEADS, "part.where": "stage = customer", "version": "1"}
    answer = client.post(f"/people/views/{leads.pk}/change", sent)
    assert view("Leads").parts["where"] == "stage = customer"
    page = page_of(client, answer["Location"])
    assert "changed</span>" not in page
    undo(client, page)
    assert view("Leads").parts["where"] == "stage = lead"


def test_the_same_filter_written_otherwise_is_no_change(alice, browse, leads):
    page = page_of(browse(alice), f'/people/?view={leads.pk}&where=stage %3D "Lead"&order=name&columns=stage,name')
    assert "Save changes" not in page


def test_a_change_by_somebody_else_meanwhile_is_not_overwritten(alice, dana, browse, leads):
    browse(dana).post(f"/people/views/{leads.pk}/change", {"part.where": "stage = customer", "version": "1"})
    client = browse(alice)
    answer = client.post(f"/people/views/{leads.pk}/change", {"part.where": "name ~ a", "version": "1"})
    assert view("Leads").parts == {"where": "stage = customer"}
    page = page_of(client, answer["Location"])
    assert "was changed by somebody else meanwhile" in page
    assert 'name="part.where" value="name ~ a"' in page


def test_rename_share_move_copy_and_delete(alice, browse, leads):
    client = browse(alice)
    second = keep(alice, "Second", shared=True)
    assert client.post(f"/people/views/{leads.pk}/change", {"name": "  Hot\n leads "}).status_code == 302
    deed(client, second, "left")
    assert tabs(page_of(client, "/people/"))[1:3] == ["Second", "Hot leads"]
    deed(client, second, "right")
    assert tabs(page_of(client, "/people/"))[1:3] == ["Hot leads", "Second"]
    deed(client, second, "right")
    deed(client, second, "unshare")
    assert not view("Second").is_shared
    deed(client, leads, "copy")
    assert tabs(page_of(client, "/people/"))[1:4] == ["Hot leads", "Second", "Hot leads (copy)"]
    assert view("Hot leads (copy)").parts == leads.parts
    deed(client, leads, "copy")
    assert view("Hot leads (copy 2)").owner_id == alice.pk
    deed(client, leads, "delete")
    page = page_of(client, "/people/")
    assert tabs(page)[1:] == ["Second", "Hot leads (copy)", "Hot leads (copy 2)", "Mine", "Deleted"]
    undo(client, page)
    assert "Hot leads" in tabs(page_of(client, "/people/"))
    assert deed(client, leads, "explode").status_code == 404


def test_many_moves_keep_the_order(alice, browse, people):
    """Positions between positions run out of room after some fifty moves to the same place; then all are numbered."""
    rows = [keep(alice, name) for name in "ABC"]
    client = browse(alice)
    for _turn in range(60):
        deed(client, view("C"), "left")
        assert tabs(page_of(client, "/people/"))[1:4] == ["A", "C", "B"]
        deed(client, view("B"), "left")
    assert tabs(page_of(client, "/people/"))[1:4] == ["A", "B", "C"]
    assert len({row.position for row in SavedView._default_manager.all()}) == len(rows)


def test_a_list_opens_with_its_default(alice, bob, browse, leads):
    client = browse(alice)
    deed(client, leads, "open-with")
    assert client.get("/people/")["Location"].startswith(f"/people/?view={leads.pk}&")
    assert browse(bob).get("/people/").status_code == 200
    page = page_of(client, "/people/?view=all")
    assert on(page) == ["All people"]
    assert "Bruno" in page
    assert 'href="/people/?view=all"' in page_of(client, "/people/?where=name = nobody")
    assert 'href="/people/?view=all"' in page_of(client, f"/people/filter?view={leads.pk}")
    other = keep(alice, "Other", order="name")
    deed(client, other, "open-with")
    assert DefaultView._default_manager.filter(deleted_at=None).count() == 1
    assert str(other.pk) in client.get("/people/")["Location"]
    deed(client, other, "delete")
    assert client.get("/people/").status_code == 200
    deed(client, leads, "open-with")
    deed(client, leads, "open-with-all")
    assert client.get("/people/").status_code == 200


def test_names_are_told_what_is_wrong_with_them(alice, bob, browse, leads):
    client = browse(alice)
    for name, problem in (("", "Give the view a name."), (" LEADS ", "There is a shared view “LEADS” already."),
                          ("x" * 101, "At most 100 characters fit here.")):  # fmt: skip
        answer = client.post("/people/views/", {"name": name, "shared": "1", **LEADS})
        page = unescape(answer.content.decode())
        assert answer.status_code == 422
        assert problem in page
        assert 'name="part.where" value="stage = lead"' in page
        assert re.search(r'name="shared" checked', page)
    assert client.post("/people/views/", {"name": "Leads", **LEADS}).status_code == 302
    answer = client.post("/people/views/", {"name": "léads"})
    assert "You have a view “léads” already." in unescape(answer.content.decode())
    assert browse(bob).post("/people/views/", {"name": "Leads"}).status_code == 302
    own = SavedView._default_manager.get(owner=alice.pk, is_shared=False)
    page = page_of(client, deed(client, own, "share")["Location"])
    assert "There is a shared view “Leads” already." in page
    answer = client.post(f"/people/views/{leads.pk}/change", {"name": ""})
    assert (answer.status_code, 'id="view-name"' in answer.content.decode()) == (422, True)


def test_a_filter_that_cannot_be_kept_is_told(alice, browse, people):
    answer = browse(alice).post("/people/views/", {"name": "X", "part.where": "colour = red"})
    assert answer.status_code == 422
    assert "colour is not a field of people." in unescape(answer.content.decode())


def test_others_see_what_is_shared_and_change_nothing(alice, bob, browse, leads):
    own = keep(alice, "Secret plans")
    client = browse(bob)
    page = page_of(client, f"/people/?view={leads.pk}&where=stage = customer")
    assert tabs(page) == ["All people", "Leads", "Mine", "Deleted"]
    assert "Save as new view" in page
    assert "Save changes" not in page
    assert "Rename" not in page
    assert "Open the list with it" in page
    for answer in (deed(client, leads, "delete"), deed(client, leads, "unshare"), deed(client, leads, "left"),
                   client.post(f"/people/views/{leads.pk}/change", {"name": "Bob's"})):  # fmt: skip
        assert answer.status_code == 403
    for name in ("delete", "copy", "open-with"):
        assert deed(client, own, name).status_code == 404
    assert client.get(f"/people/views/{own.pk}/").status_code == 404
    assert "Secret plans" not in page_of(client, f"/people/?view={own.pk}")
    assert view("Leads").version == 1


def test_an_administrator_changes_what_is_shared_and_sees_nothing_personal(alice, dana, browse, leads):
    own = keep(alice, "Secret plans")
    client = browse(dana)
    assert client.post(f"/people/views/{leads.pk}/change", {"name": "Tidied"}).status_code == 302
    assert deed(client, own, "delete").status_code == 404
    assert "Secret plans" not in page_of(client, "/people/")
    answer = deed(client, leads, "unshare")
    assert answer["Location"] == "/people/"
    assert not view("Tidied").is_shared
    assert deed(client, leads, "delete").status_code == 404


def test_a_view_that_is_gone_is_told_and_left_out_of_links(alice, bob, browse, leads):
    deed(browse(alice), leads, "delete")
    page = page_of(browse(bob), f"/people/?view={leads.pk}&where=stage = lead")
    assert "The view in this address is gone" in page
    assert f"view={leads.pk}" not in page.split("<main", 1)[1]
    assert "Amara" in page
    assert "Save view" in page
    assert browse(bob).get("/people/?view=nonsense").status_code == 200
    assert browse(bob).get(f"/people/views/{leads.pk}/").status_code == 404


def test_deleting_says_which_views_ask_for_it(alice, browse, leads):
    keep(alice, "Of leads", where='in view("Leads") and owner = me')
    client = browse(alice)
    page = page_of(client, deed(client, leads, "delete")["Location"])
    assert "1 other view asks for it." in page
    own = view("Of leads")
    answer = client.get(f"/people/?view={own.pk}&where={own.parts['where']}")
    assert answer.status_code == 400
    assert "The view “Leads” was deleted." in unescape(answer.content.decode())


def test_the_gate_decides_whatever_a_view_says(alice, browse, leads, monkeypatch):
    keep(alice, "By phone", shared=True, where='phones ~ "77"', columns="name,phones", order="name")
    hides = gate.Policy(dict.fromkeys(gate.EVERY_VERB, "own"), hidden=frozenset({"phones"}))
    monkeypatch.setitem(gate.POLICIES, "narrow", {"*": hides})
    narrow = browse(make_user("Nora", "narrow"))
    answer = narrow.get(narrow.get(f"/people/views/{view('By phone').pk}/")["Location"])
    assert answer.status_code == 400
    assert "phones is not a field of people." in unescape(answer.content.decode())
    assert "Amara" not in page_of(narrow, f"/people/?view={leads.pk}&where=stage = lead")
    none = gate.Policy({"read": "none"})
    monkeypatch.setitem(gate.POLICIES, "outside", {"*": gate.FULL, "people": none})
    outside = browse(make_user("Otto", "outside"))
    assert outside.get(f"/people/views/{leads.pk}/").status_code == 403
    assert "Leads" not in page_of(outside, "/search?q=leads")
    assert "Leads" not in page_of(outside, "/companies/filter")


def test_views_are_found_in_the_palette(alice, bob, browse, leads):
    keep(alice, "Warm leads")
    client = browse(alice)
    found = client.get("/search?q=lea", headers={"HX-Request": "true"}).content.decode()
    assert f'href="/people/views/{leads.pk}/"' in found
    assert "Warm leads" in found
    assert "Warm leads" not in page_of(browse(bob), "/search?q=warm")
    assert client.get("/search?q=%00").status_code == 200


def test_many_views_do_not_fill_the_row(alice, browse, people):
    rows = [keep(alice, f"View {number}") for number in range(9)]
    client = browse(alice)
    page = page_of(client, "/people/")
    assert "3 more" in page
    page = page_of(client, f"/people/?view={rows[8].pk}")
    assert on(page) == ["View 8"]
    assert "2 more" in page


def test_the_text_box_shows_views_by_name_and_the_builder_lets_choose(alice, browse, leads):
    client = browse(alice)
    page = page_of(client, f"/people/filter?where=in view({leads.pk}) and stage is not empty")
    assert 'value="in view("Leads") and stage is not empty"' in page
    assert f'<option value="{leads.pk}" selected>Leads</option>' in page
    sent = {"match": "all", "0.field": "!in-view", "0.op": "!=", "0.value": str(leads.pk), "apply": "1"}
    answer = client.get("/people/filter", sent)
    page = page_of(client, answer["Location"])
    assert ("Amara" in page, "Bruno" in page) == (False, True)
    assert ">View<" in page
    assert "is not" in page
    offers = page_of(client, "/people/filter/complete?text=in view(&at=8")
    assert '"Leads"' in offers


def test_links_within_the_list_keep_the_view(alice, browse, leads):
    page = page_of(browse(alice), f"/people/?view={leads.pk}&where=stage = lead&order=name")
    links = [one for one in re.findall(r'href="(/people/\?[^"]+)"', page.split("</nav>")[-2]) if "order=" in one]
    assert links
    assert all(f"view={leads.pk}" in one for one in links)


def test_the_cost_does_not_grow_with_the_views(alice, browse, people):
    client = browse(alice)
    client.get("/people/")
    with CaptureQueriesContext(connection) as few:
        client.get("/people/")
    for number in range(12):
        keep(alice, f"View {number}", shared=bool(number % 2), where="stage = lead")
    client.get("/people/")
    with CaptureQueriesContext(connection) as many:
        client.get("/people/")
    assert len(many) == len(few)
