"""Custom fields through the pages: made, filled, listed, filtered, edited, undone, deleted, restored."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.customers.models import Person
from rapport.engine.records import gate
from rapport.engine.records.definitions import check_again
from rapport.engine.records.models import CustomField
from rapport.engine.web.tests.making import FIELDS, make_field, page_of, undo_last

# Type → what is typed, how it reads on the page, a filter that finds it, what is typed instead.
TYPED = {
    "text": ({"x_own": "Fjell 7"}, "Fjell 7", 'x_own = "fjell 7"', {"x_own": "Other"}),
    "long_text": ({"x_own": "Two\nlines of it"}, "lines of it", 'x_own ~ "LINES"', {"x_own": "Other"}),
    "number": ({"x_own": "1234.50"}, "1,234.5", "x_own > 1234", {"x_own": "7"}),
    "money": (
        {"x_own.amount": "99.90", "x_own.currency": "EUR"}, "€99.90", "x_own >= 99", {"x_own.amount": "1"},
    ),
    "date": ({"x_own": "2025-03-14"}, "14 Mar 2025", "x_own = 2025-03-14", {"x_own": "2026-01-01"}),
    "datetime": ({"x_own": "2025-03-14T09:30"}, "14 Mar 2025", "x_own = 2025-03-14", {"x_own": "2026-01-01T00:00"}),
    "bool": ({"x_own": ["no", "yes"]}, "Yes", "x_own = true", {"x_own": "no"}),
    "choice": ({"x_own": "very-keen"}, "Very keen", "x_own = very-keen", {"x_own": "calm"}),
    "choices": ({"x_own": ["", "very-keen", "calm"]}, "Calm", "x_own = calm", {"x_own": ["", "very-keen"]}),
    "tags": ({"x_own": "red, blue"}, "blue", "x_own = blue", {"x_own": "green"}),
    "email": ({"x_own": "Own@X.no"}, "own@x.no", 'x_own = "own@x.no"', {"x_own": "b@x.no"}),
    "emails": ({"x_own.0.email": "own@x.no"}, "own@x.no", 'x_own = "own@x.no"', {"x_own.0.email": "b@x.no"}),
    "phone": ({"x_own": "+4777601234"}, "+47 77 60 12 34", 'x_own = "+47 77601234"', {"x_own": "+4777601299"}),
    "phones": (
        {"x_own.0.phone": "+4777601234"}, "+47 77 60 12 34", 'x_own = "+4777601234"', {"x_own.0.phone": "+4777601299"},
    ),
    "link": ({"x_own": "fjord.no/a"}, "fjord.no/a", 'x_own ~ "fjord"', {"x_own": "x.no"}),
    "links": ({"x_own.0.url": "fjord.no/a"}, "fjord.no/a", 'x_own ~ "fjord"', {"x_own.0.url": "x.no"}),
    "domains": ({"x_own.0.domain": "www.fjord.no"}, "fjord.no", 'x_own = "fjord.no"', {"x_own.0.domain": "x.no"}),
    "addresses": ({"x_own.0.city": "Tromsø"}, "Tromsø", 'x_own ~ "tromsø"', {"x_own.0.city": "Oslo"}),
    "relation": ({"x_own": "Fjord AS"}, "Fjord AS", 'x_own = "fjord as"', {"x_own": "Other AS"}),
    "user": ({"x_own": "@dana"}, "Dana", "x_own = me", {"x_own": ""}),
}  # fmt: skip


@pytest.mark.parametrize("kind", TYPED)
def test_the_life_of_a_field_of_each_type(dana, admin, make, kind):
    make(dana, "companies", name="Fjord AS")
    make(dana, "companies", name="Other AS")
    typed, reads, where, instead = TYPED[kind]
    typed = {name: str(dana.pk) if value == "@dana" else value for name, value in typed.items()}
    field = make_field(admin, kind)
    assert field.slug == "x_own"
    assert ">Own" in page_of(admin, "/people/new")
    created = admin.post("/people/new", {"name": "Amara", **typed}, follow=True)
    person = Person.objects.get(name="Amara")
    make(dana, "people", name="Nobody")
    record = f"/people/{person.pk}/"
    assert reads in created.content.decode()
    assert reads in page_of(admin, "/people/", columns="x_own")
    found = page_of(admin, "/people/", where=where)
    assert "Amara" in found
    assert "Nobody" not in found
    assert "<form" in page_of(admin, f"{record}edit/x_own")

    changed = admin.post(f"{record}edit/x_own", instead, follow=True)
    assert Person.objects.get(pk=person.pk).custom.get("x_own") != person.custom["x_own"]
    undo_last(admin, changed)
    assert Person.objects.get(pk=person.pk).custom == person.custom

    again = admin.post(f"{record}edit/x_own", instead, follow=True)
    admin.post(f"{FIELDS}{field.pk}/delete")
    assert admin.get("/people/", {"where": where}).status_code == 400
    assert "Own (a deleted field)" in page_of(admin, record)
    admin.post(f"{FIELDS}{field.pk}/restore")
    undo_last(admin, again)
    assert "Amara" in page_of(admin, "/people/", where=where)


def test_a_required_field_with_a_default(admin):
    make_field(admin, "text", required="on", default="unknown")
    assert 'value="unknown"' in page_of(admin, "/people/new")
    answer = admin.post("/people/new", {"name": "Amara", "x_own": ""})
    assert answer.status_code == 422
    assert "“Own” cannot be empty." in answer.content.decode()
    admin.post("/people/new", {"name": "Bo"})
    assert Person.objects.get(name="Bo").custom == {"x_own": "unknown"}


def test_a_unique_value_is_refused_while_a_live_record_has_it(dana, admin, make):
    make_field(admin, "number", unique="on")
    first = make(dana, "people", name="First", x_own="1.50")
    answer = admin.post("/people/new", {"name": "Second", "x_own": "1.5"})
    assert "Another record has “1.5” here" in answer.content.decode()
    admin.post(f"/people/{first.pk}/delete")
    assert admin.post("/people/new", {"name": "Second", "x_own": "1.5"}).status_code == 302
    answer = admin.post(f"/people/{first.pk}/restore", follow=True)
    assert "it must be unique" in answer.content.decode()
    assert Person.objects.get(pk=first.pk).is_deleted


def test_an_empty_value_leaves_no_trace(dana, admin, make):
    make_field(admin, "text")
    person = make(dana, "people", name="Amara", x_own="x")
    admin.post(f"/people/{person.pk}/edit/x_own", {"x_own": ""})
    assert Person.objects.get(pk=person.pk).custom == {}


def test_undo_keeps_what_others_wrote_in_another_field(dana, admin, make):
    make_field(admin, "text")
    make_field(admin, "text", label="Second")
    person = make(dana, "people", name="Amara")
    first = admin.post(f"/people/{person.pk}/edit/x_own", {"x_own": "a"}, follow=True)
    admin.post(f"/people/{person.pk}/edit/x_second", {"x_second": "b"}, follow=True)
    undo_last(admin, first)
    assert Person.objects.get(pk=person.pk).custom == {"x_second": "b"}


def test_two_at_one_record_conflict_only_in_the_same_field(dana, admin, make):
    make_field(admin, "text")
    make_field(admin, "text", label="Second")
    person = make(dana, "people", name="Amara")
    admin.post(f"/people/{person.pk}/edit/x_own", {"x_own": "a", "version": "1"})
    assert admin.post(f"/people/{person.pk}/edit/x_second", {"x_second": "b", "version": "1"}).status_code == 302
    answer = admin.post(f"/people/{person.pk}/edit/x_own", {"x_own": "c", "version": "1"})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"type": "text", "label": ""}, "Give the field a name."),
        ({"type": "text", "label": "Stage"}, "There is a field “Stage” already."),
        ({"type": "text", "label": "x" * 101}, "At most 100 characters fit here."),
        ({"type": "number", "label": "Own", "default": "many"}, "is not a number"),
        ({"type": "choice", "label": "Own", "options": "A\na"}, "There are two options"),
        ({"type": "relation", "label": "Own", "target": "nowhere"}, "Choose what the relation leads to."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(admin, given, sentence):
    answer = admin.post(f"{FIELDS}new", {**given, "help": "Kept words"})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Kept words" in answer.content.decode()
    assert not CustomField.objects.exists()


def test_a_deleted_slug_is_not_used_again(admin):
    field = make_field(admin, "text")
    admin.post(f"{FIELDS}{field.pk}/delete")
    assert make_field(admin, "number", label="Own!").slug == "x_own_2"


def test_making_a_field_can_be_undone_until_it_is_used(dana, admin, make):
    answer = admin.post(f"{FIELDS}new", {"type": "text", "label": "Own"}, follow=True)
    check_again()
    make(dana, "people", name="Amara", x_own="x")
    undo_last(admin, answer)
    assert not CustomField.objects.get().is_deleted
    answer = admin.post(f"{FIELDS}new", {"type": "text", "label": "Unused"}, follow=True)
    undo_last(admin, answer)
    assert CustomField.objects.get(label="Unused").is_deleted


def test_renaming_moving_and_what_a_field_is_used_for(dana, admin, make):
    field, second = make_field(admin, "text"), make_field(admin, "text", label="Second")
    make(dana, "people", name="Amara", x_own="x")
    place = f"{FIELDS}{field.pk}/"
    assert re.search("Records with a value</span><b[^>]*>1<", page_of(admin, place))
    admin.post(place, {"label": "Renamed", "help": "Says more"})
    admin.post(f"{FIELDS}{second.pk}/up")
    form = page_of(admin, "/people/new")
    assert form.index(">Second") < form.index(">Renamed")
    assert "Says more" in form
    assert CustomField.objects.get(pk=field.pk).slug == "x_own"
    assert "Renamed" in page_of(admin, FIELDS)


class TestWhoMay:
    """Administrators only; and what a mask hides appears nowhere."""

    @pytest.mark.parametrize("path", ["", "people/", "people/new", "people/new?type=text"])
    def test_a_member_may_not_see_the_pages(self, alice, browse, path):
        assert browse(alice).get(f"/settings/fields/{path}").status_code == 403
        assert "/settings/fields/" not in browse(alice).get("/people/").content.decode()

    @pytest.mark.parametrize("deed", ["", "options", "up", "delete", "restore", "retry"])
    def test_a_member_may_change_nothing(self, alice, admin, browse, deed):
        field = make_field(admin)
        before = CustomField.objects.values().get()
        answer = browse(alice).post(f"{FIELDS}{field.pk}/{deed}", {"label": "Taken over"})
        assert answer.status_code == 403
        assert CustomField.objects.values().get() == before

    def test_a_member_may_not_make_one(self, alice, browse):
        assert browse(alice).post(f"{FIELDS}new", {"type": "text", "label": "Own"}).status_code == 403
        assert not CustomField.objects.exists()

    def test_a_hidden_field_is_seen_nowhere(self, dana, admin, charlie, browse, make, monkeypatch):
        make_field(admin)
        own = gate.Policy(dict.fromkeys(gate.EVERY_VERB, "all"), hidden=frozenset({"x_own"}))
        monkeypatch.setitem(gate.POLICIES, "stranger", {"*": own})
        person = make(dana, "people", name="Amara", x_own="CANARY")
        client = browse(charlie)
        for address in ("/people/?columns=x_own,stage", f"/people/{person.pk}/", "/people/new", "/people/?order=x_own"):
            page = page_of(client, address)
            assert "CANARY" not in page
            assert ">Own<" not in page
        assert client.get("/people/", {"where": 'x_own = "CANARY"'}).status_code == 400
        assert client.get(f"/people/{person.pk}/edit/x_own").status_code == 404
        assert client.get(f"/people/{person.pk}/field/x_own").status_code == 404


def test_columns_of_a_list_stand_in_its_address(dana, admin, make):
    make_field(admin, "text")
    make(dana, "people", name="Amara", x_own="Shown here")
    assert "Shown here" not in page_of(admin, "/people/")
    page = page_of(admin, "/people/?columns=stage&columns=x_own&order=name")
    assert "Shown here" in page
    assert "columns=name%2Cstage%2Cx_own" in page
    assert 'value="x_own" checked' in page
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([A-Z][\w ]+)', page)
    assert heads == ["Name", "Stage", "Own"]
    assert "Amara" in page_of(admin, "/people/?columns=nonsense,,%00")


def test_the_cost_does_not_grow_with_fields_or_options(dana, admin, make):
    def cost(address):
        with CaptureQueriesContext(connection) as queries:
            page_of(admin, address)
        return len(queries)

    make_field(admin, "choice")
    person = make(dana, "people", name="Amara", x_own="calm")
    places = (FIELDS, "/people/?columns=x_own,x_b,x_c,stage", f"/people/{person.pk}/", "/people/new")
    for place in places:
        page_of(admin, place)
    before = [cost(place) for place in places]
    for label in ("B", "C", "D"):
        make_field(admin, "choices", label=label)
    page_of(admin, "/people/")
    assert [cost(place) for place in places] == before
