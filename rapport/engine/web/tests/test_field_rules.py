"""Rules for fields through the pages: made, followed by forms and records, asked for in place, told of as uses."""

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.customers.models import Person
from rapport.engine.records.definitions import check_again
from rapport.engine.records.models import CustomField, FieldRule
from rapport.engine.web.tests.making import FIELDS, make_field, page_of, undo_last

RULES = "/settings/fields/people/rules"
SENTENCE = "“Own” cannot be empty while Stage is Lost."


def make_rule(client, slug="x_own", kind="required", where="stage = lost"):
    answer = client.post(f"{RULES}/{slug}/{kind}", {"where": where})
    assert answer.status_code == 302, re.findall(r'class="problem"[^<]*<', answer.content.decode())
    check_again()
    return answer


def field_of(html, slug):
    """The part of a form that asks for a field."""
    return re.search(rf'<div class="field" data-field="{slug}"(.*?)>', html)[1]


class TestMaking:
    def test_by_conditions_then_seen_then_saved(self, admin, dana, make):
        make(dana, "people", name="Amara", stage="lost")
        field = make_field(admin)
        place = f"{RULES}/x_own/required"
        assert f'href="{place}"' in page_of(admin, f"{FIELDS}{field.pk}/")
        page = page_of(admin, place)
        assert "Company › Industry" not in page
        assert "Records that point here" not in page
        rows = {"match": "all", "0.field": "stage", "0.op": "=", "0.value": "lost", "0.group": "", "apply": "1"}
        answer = admin.get(place, rows)
        assert answer["Location"] == f"{place}?where={quote('stage = lost', safe='').replace('%20', '+')}"
        seen = page_of(admin, answer["Location"])
        assert "“Own” cannot be empty while Stage is Lost." in seen
        assert re.search(r'href="/people/\?where=stage[^"]*">1</a>', seen)
        saved = admin.post(place, {"where": "stage = lost"}, follow=True)
        assert "while Stage is Lost" in saved.content.decode()
        undo_last(admin, saved)
        assert not FieldRule.objects.filter(deleted_at=None).exists()

    def test_by_script_the_builder_comes_alone_and_leads_on(self, admin):
        make_field(admin)
        place, htmx = f"{RULES}/x_own/required", {"HX-Request": "true"}
        part = admin.get(place, {"match": "all", "0.field": "stage"}, headers=htmx).content.decode()
        assert "<html" not in part
        assert 'name="0.op"' in part
        rows = {"match": "all", "0.field": "stage", "0.op": "=", "0.value": "lost", "0.group": "", "apply": "1"}
        assert admin.get(place, rows, headers=htmx)["HX-Redirect"].startswith(place)

    def test_what_no_rule_can_ask_is_told_where_it_stands(self, admin):
        make_field(admin)
        place = f"{RULES}/x_own/required"
        assert "A rule asks only fields of the record itself." in page_of(admin, place, where="company.size > 3")
        answer = admin.post(place, {"where": "company.size > 3"})
        assert answer.status_code == 422
        assert "A rule asks only fields of the record itself." in answer.content.decode()
        offers = page_of(admin, "/settings/fields/people/rules/complete", text="comp", at="4")
        assert "company" in offers
        at_once = page_of(admin, "/settings/fields/people/rules/complete", text="", at="0")
        assert "stage" in at_once
        assert "did(" not in at_once
        assert "company." not in page_of(admin, "/settings/fields/people/rules/complete", text="company.", at="8")

    def test_a_built_in_field_has_a_page_of_its_own(self, admin):
        assert "/settings/fields/people/built-in/source/" in page_of(admin, FIELDS)
        make_rule(admin, "source")
        page = page_of(admin, "/settings/fields/people/built-in/source/")
        assert "while Stage is Lost" in page
        assert "Required at times" in page_of(admin, FIELDS)
        gone = admin.post(f"{RULES}/source/required/remove", follow=True)
        assert not FieldRule.objects.filter(deleted_at=None).exists()
        undo_last(admin, gone)
        assert FieldRule.objects.filter(deleted_at=None).exists()
        assert admin.get("/settings/fields/people/built-in/shoe/").status_code == 404
        assert admin.get(f"{RULES}/name/visible").status_code == 404
        assert admin.get(f"{RULES}/source/loud").status_code == 404

    def test_a_rule_that_is_off_says_so(self, admin, dana):
        make_field(admin)
        make_rule(admin)
        FieldRule.objects.update(condition="x_gone = 1")
        check_again()
        page = page_of(admin, f"{FIELDS}{CustomField.objects.get().pk}/")
        assert "x_gone is not a field of people." in page
        assert "Required: off" in page_of(admin, FIELDS)

    def test_members_make_none(self, browse, alice):
        for path in (f"{RULES}/source/required", "/settings/fields/people/built-in/source/"):
            assert browse(alice).get(path).status_code == 403
        assert browse(alice).post(f"{RULES}/source/required", {"where": "stage = lost"}).status_code == 403
        assert browse(alice).post(f"{RULES}/source/required/remove").status_code == 403


class TestForms:
    def test_a_form_follows_what_is_filled_in(self, admin):
        make_field(admin)
        make_rule(admin)
        make_rule(admin, kind="visible")
        assert "data-hidden" in field_of(page_of(admin, "/people/new"), "x_own")
        assert "data-hidden" not in field_of(page_of(admin, "/people/new", stage="lost"), "x_own")
        said = admin.post("/people/new/rules", {"name": "Amara", "stage": "lost"}).content.decode()
        assert f'<li data-field="x_own" data-needed title="{SENTENCE}">' in said
        said = admin.post("/people/new/rules", {"name": "Amara", "stage": "lead", "birthday": "soon"}).content.decode()
        assert '<li data-field="x_own" data-hidden title="">' in said
        refused = admin.post("/people/new", {"name": "Amara", "stage": "lost"})
        assert refused.status_code == 422
        assert SENTENCE in refused.content.decode()
        assert "data-hidden" not in field_of(refused.content.decode(), "x_own")

    def test_a_form_without_rules_asks_nobody(self, admin):
        page = page_of(admin, "/people/new")
        assert "r-rules" not in page
        assert "data-field" not in page

    def test_what_a_rule_wants_is_asked_for_in_place(self, admin, dana, make):
        make_field(admin)
        make_rule(admin)
        amara = make(dana, "people", name="Amara", stage="lead")
        place = f"/people/{amara.pk}/edit/stage"
        htmx = {"HX-Request": "true"}
        asked = admin.post(place, {"stage": "lost", "version": "1"}, headers=htmx)
        assert asked.status_code == 422
        form = asked.content.decode()
        assert '<input type="hidden" name="besides" value="x_own">' in form
        assert SENTENCE in form
        assert '<option value="lost" selected>' in form
        again = admin.post(place, {"stage": "lost", "besides": "x_own", "x_own": "", "version": "1"}, headers=htmx)
        assert again.status_code == 422
        saved = admin.post(place, {"stage": "lost", "besides": "x_own", "x_own": "Price", "version": "1"}, headers=htmx)
        assert saved.status_code == 200
        assert "data-decides" in saved.content.decode()
        amara = Person.objects.get()
        assert (amara.stage, amara.custom) == ("lost", {"x_own": "Price"})

    @pytest.mark.parametrize("slug", ["created_at", "country", "x_gone", "stage"])
    def test_nothing_else_is_written_along(self, admin, dana, make, slug):
        amara = make(dana, "people", name="Amara", stage="lead")
        sent = {"source": "Fair", "besides": slug, slug: "DE" if slug != "stage" else "customer"}
        assert admin.post(f"/people/{amara.pk}/edit/source", sent).status_code == 302
        amara = Person.objects.get()
        assert (amara.source, amara.country) == ("Fair", None)
        assert amara.stage == ("customer" if slug == "stage" else "lead")

    def test_a_field_besides_that_is_not_in_the_form_stays(self, admin, dana, make):
        amara = make(dana, "people", name="Amara", emails="amara@x.no")
        admin.post(f"/people/{amara.pk}/edit/source", {"source": "Fair", "besides": "emails"})
        amara = Person.objects.get()
        assert (amara.source, amara.emails[0]["email"]) == ("Fair", "amara@x.no")

    def test_what_is_locked_is_not_asked_for(self, admin, dana, make):
        make_rule(admin, "name", "readonly", "stage = customer")
        amara = make(dana, "people", name="Amara Okafor", stage="customer")
        asked = admin.post(f"/people/{amara.pk}/edit/first_name", {"first_name": "Bea"}).content.decode()
        assert "“Name” cannot be changed while Stage is Customer." in asked
        assert 'name="besides"' not in asked


class TestTheRecord:
    def test_shows_hides_asks_and_locks(self, admin, dana, make):
        make_field(admin)
        make_rule(admin)
        make_rule(admin, kind="visible")
        make_rule(admin, "source", "readonly", "stage = customer")
        amara = make(dana, "people", name="Amara", stage="lead", source="Fair")
        record = f"/people/{amara.pk}/"
        page = page_of(admin, record)
        assert "<dt>Own</dt>" not in page
        assert f"{record}edit/source" in page
        Person.objects.update(stage="lost")
        page = page_of(admin, record)
        assert f'<span class="needed" title="{SENTENCE}">Needed</span>' in page
        Person.objects.update(stage="customer")
        page = page_of(admin, record)
        assert f"{record}edit/source" not in page
        assert "“Source” cannot be changed while Stage is Customer." in page
        refused = admin.post(f"{record}edit/source", {"source": "Letter"})
        assert refused.status_code == 422
        assert "“Source” cannot be changed while Stage is Customer." in refused.content.decode()

    def test_rules_cost_the_page_nothing(self, admin, dana, make, django_assert_num_queries):
        make_field(admin)
        amara = make(dana, "people", name="Amara", stage="lead", source="Fair")
        record = f"/people/{amara.pk}/"
        page_of(admin, record)
        with CaptureQueriesContext(connection) as queries:
            page_of(admin, record)
        before = len(queries.captured_queries)
        make_rule(admin, where="stage = lost or country = NO")
        make_rule(admin, "source", "readonly", "stage = lead")
        page_of(admin, record)
        with django_assert_num_queries(before):
            page_of(admin, record)

    def test_the_api_and_an_export_give_what_is_hidden(self, admin, dana, make):
        make_field(admin)
        make(dana, "people", name="Amara", stage="lost", x_own="Price")
        make_rule(admin, kind="visible", where="stage = lead")
        assert "Price" in page_of(admin, "/people/", columns="x_own")


class TestUses:
    def test_a_field_in_use_is_not_deleted(self, admin):
        field = make_field(admin, "choice")
        make_rule(admin, "source", where="x_own = calm")
        page = page_of(admin, f"{FIELDS}{field.pk}/")
        assert "Used in 1 place" in page
        assert "Source is required while Own is Calm" in page
        asked = admin.post(f"{FIELDS}{field.pk}/delete")
        assert "cannot be deleted while it is in use" in asked.content.decode()
        assert "Delete anyway" not in asked.content.decode()
        assert admin.post(f"{FIELDS}{field.pk}/delete", {"confirmed": "1"}).status_code == 422
        assert not CustomField.objects.get().is_deleted

    def test_an_option_in_use_is_retired_when_that_is_meant(self, admin):
        field = make_field(admin, "choice")
        make_rule(admin, "source", where="x_own = calm")
        options = {"option.0.label": "Very keen", "option.0.value": "very-keen"}
        asked = admin.post(f"{FIELDS}{field.pk}/options", options).content.decode()
        assert "Source is required while Own is Calm" in asked
        assert "Retire anyway" in asked
        both = options | {"option.1.label": "Calm", "option.1.value": "calm"}
        assert admin.post(f"{FIELDS}{field.pk}/options", both).status_code == 302
        assert admin.post(f"{FIELDS}{field.pk}/options", options | {"confirmed": "1"}).status_code == 302
        check_again()
        assert "while Own is Calm" in page_of(admin, "/settings/fields/people/built-in/source/")
        assert admin.post("/people/new", {"name": "Bo", "x_own": "calm"}).status_code == 422

    def test_a_field_that_nothing_uses_goes_at_once(self, admin):
        field = make_field(admin)
        assert "Used in" not in page_of(admin, f"{FIELDS}{field.pk}/")
        assert admin.post(f"{FIELDS}{field.pk}/delete").status_code == 302
