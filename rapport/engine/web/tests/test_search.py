"""The search page, without script: a form, links by type, and what is not found."""

from io import StringIO

import pytest
from django.core.management import call_command


@pytest.fixture
def world(alice, make):
    company = make(alice, "companies", name="Fjell & Fjord AS", domains="fjellfjord.no")
    for name, email in (("Amara Okafor", "amara@fjellfjord.no"), ("Søren Madsen", "soren@madsen.dk")):
        make(alice, "people", name=name, emails=email, company=str(company.pk), phones="+33628123456")
    call_command("reindex", stdout=StringIO())


def search(client, text, **headers):
    answer = client.get("/search", {"q": text}, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_results_stand_by_type_with_what_tells_them_apart(alice, browse, world):
    page = search(browse(alice), "fjellfjord.no")
    assert page.index("Fjell &amp; Fjord AS") < page.index("Amara Okafor")
    assert page.index('id="found-companies">Companies<') < page.index('id="found-people">People<')
    assert "Fjell &amp; Fjord AS · amara@fjellfjord.no" in page
    assert " ms</span>" in page


def test_the_palette_gets_the_results_alone(alice, browse, world):
    part = search(browse(alice), "soren", **{"HX-Request": "true"})
    assert "<html" not in part
    assert 'role="option"' in part
    assert "Søren Madsen" in part
    assert "Amara" not in part


def test_a_page_says_that_it_depends_on_who_asks(alice, browse, world):
    assert "HX-Request" in browse(alice).get("/search?q=soren")["Vary"]


def test_nothing_asked_and_nothing_found_teach(alice, browse, world):
    assert "One box for everything" in search(browse(alice), "")
    assert "No record that you may see matches “zzzzqqq”" in search(browse(alice), "zzzzqqq")
    assert "No record that you may see" not in search(browse(alice), "amara")


def test_a_full_group_leads_to_the_list(alice, browse, make):
    for number in range(25):
        make(alice, "people", name=f'Kim "{number}"')
    call_command("reindex", stdout=StringIO())
    page = search(browse(alice), 'kim "')
    assert page.count('<li><a href="/people/') == 20
    link = page[page.index("/people/?where=") :].partition('"')[0]
    assert browse(alice).get(link).content.decode().count("<tr data-url") == 25


@pytest.mark.parametrize(
    "text", ["\x00", "<script>alert(1)</script>", "'", "\\", ":*", "a" * 10_000, "🏔️", "%", "\ud800"]
)
def test_strange_questions_get_a_page(alice, browse, world, text):
    page = search(browse(alice), text.encode("utf-8", "surrogatepass"))
    assert "<script>alert" not in page


def test_a_stranger_sees_neither_others_nor_hidden_fields(charlie, alice, browse, world, make):
    make(alice, "people", name="Kim Berg", phones="+33628123457", owner=str(charlie.pk))
    call_command("reindex", stdout=StringIO())
    assert "Amara Okafor" not in search(browse(charlie), "amara")
    assert "Kim Berg" in search(browse(charlie), "kim")
    assert "Kim Berg" not in search(browse(charlie), "06 28 12 34 57")
    assert "Kim Berg" in search(browse(alice), "+33628123457")
    assert "+33" not in search(browse(charlie), "kim")


def test_signed_out_one_is_asked_to_sign_in(client, db):
    assert client.get("/search?q=amara")["Location"].startswith("/sign-in/?next=")


def test_the_box_stands_on_every_page(alice, browse, world):
    page = browse(alice).get("/people/").content.decode()
    assert '<a class="find" href="/search"' in page
    assert "<r-palette" in page
