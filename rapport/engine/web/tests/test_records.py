"""The page of a record: reading, editing in place, notes, deleting, restoring, undoing."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.customers.models import Person

PART = {"HX-Request": "true"}


@pytest.fixture
def amara(alice, make):
    company = make(alice, "companies", name="Fjell & Fjord AS")
    return make(alice, "people", name="Amara Okafor", emails="amara@x.no", company=str(company.pk), owner="me")


def reloaded(person):
    return Person.objects.get(pk=person.pk)


def test_everything_about_a_person_on_one_page(alice, browse, amara, pinned_queries):
    client = browse(alice)
    client.get(f"/people/{amara.pk}/")
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/people/{amara.pk}/").content.decode()
    assert "Amara Okafor" in page
    assert "amara@x.no" in page
    assert "Fjell &amp; Fjord AS" in page
    assert "created this person" in page
    pinned_queries("page of a person", len(queries))


@pytest.mark.parametrize(
    "field", ["name", "emails", "stage", "company", "owner", "addresses", "birthday", "tags", "do_not_contact"]
)
def test_every_field_has_a_form_of_its_own(alice, browse, amara, field):
    assert "<form" in browse(alice).get(f"/people/{amara.pk}/edit/{field}").content.decode()
    part = browse(alice).get(f"/people/{amara.pk}/edit/{field}", headers=PART).content.decode()
    assert "<form" in part
    assert "<html" not in part


def test_editing_without_script_goes_back_to_the_record(alice, browse, amara):
    answer = browse(alice).post(
        f"/people/{amara.pk}/edit/source", {"source": "Trade fair", "version": "1"}, follow=True
    )
    assert reloaded(amara).source == "Trade fair"
    page = answer.content.decode()
    assert "Source was saved." in page
    assert "/undo" in page


def test_editing_with_script_answers_with_the_value_and_its_undo(alice, browse, amara):
    client = browse(alice)
    answer = client.post(f"/people/{amara.pk}/edit/stage", {"stage": "lead", "version": "1"}, headers=PART)
    part = answer.content.decode()
    assert answer.status_code == 200
    assert "Lead" in part
    assert "<html" not in part
    undo = re.search(r'action="(/batches/[^"]+/undo)"', part).group(1)
    client.post(undo)
    assert reloaded(amara).stage == ""


def test_an_error_stays_in_the_field_with_what_was_typed(alice, browse, amara):
    sent = {"emails.0.email": "amara@", "version": "1"}
    answer = browse(alice).post(f"/people/{amara.pk}/edit/emails", sent, headers=PART)
    part = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="amara@"' in part
    assert "not an e-mail address" in part
    assert reloaded(amara).emails[0]["email"] == "amara@x.no"


def test_several_entries_with_another_primary_one(alice, browse, amara):
    kept = reloaded(amara).emails[0]["id"]
    sent = {"emails.0.email": "amara@x.no", "emails.0.id": kept, "emails.1.email": "a@home.no", "emails.1.kind": "home"}
    browse(alice).post(f"/people/{amara.pk}/edit/emails", {**sent, "emails.primary": "1", "version": "1"})
    now = reloaded(amara)
    assert now.email == "a@home.no"
    assert [(one["email"], one["primary"]) for one in now.emails] == [("a@home.no", True), ("amara@x.no", False)]
    assert now.emails[1]["id"] == kept


def test_the_same_field_changed_by_another_shows_both_values(alice, dana, browse, amara):
    browse(dana).post(f"/people/{amara.pk}/edit/source", {"source": "web", "version": "1"})
    answer = browse(alice).post(f"/people/{amara.pk}/edit/source", {"source": "fair", "version": "1"}, headers=PART)
    part = answer.content.decode()
    assert answer.status_code == 409
    assert "web" in part
    assert "fair" in part
    assert reloaded(amara).source == "web"
    browse(alice).post(f"/people/{amara.pk}/edit/source", {"source": "fair", "version": "2", "overwrite": "1"})
    assert reloaded(amara).source == "fair"


def test_a_relation_is_given_by_name(alice, browse, amara, make):
    other = make(alice, "companies", name="Huber Alpin")
    browse(alice).post(f"/people/{amara.pk}/edit/company", {"company": "huber alpin", "version": "1"})
    assert amara.memberships.get(primary=True).company_id == other.pk
    wrong = browse(alice).post(f"/people/{amara.pk}/edit/company", {"company": "Nobody", "version": "1"}, headers=PART)
    assert wrong.status_code == 422
    assert "no company called" in wrong.content.decode()


def test_a_note_is_sanitised_and_mentions_are_kept(alice, dana, browse, amara):
    text = '<p onclick="x()">Ask <b>@dana@northwind.example</b></p><script>alert(1)</script><img src=x onerror=y>'
    page = browse(alice).post(f"/people/{amara.pk}/notes", {"text": text}, follow=True).content.decode()
    assert f'Ask <b><b class="mention">@{dana}</b></b>' in page
    assert "onclick" not in page
    assert "alert(1)" not in page
    assert "onerror" not in page
    from rapport.activities.models import Note

    assert Note.objects.get().mentions == [dana.pk]


def test_deleting_offers_the_way_back(alice, browse, amara):
    client = browse(alice)
    page = client.post(f"/people/{amara.pk}/delete", follow=True).content.decode()
    assert "was deleted" in page
    assert "/undo" in page
    deleted = client.get(f"/people/{amara.pk}/").content.decode()
    assert "This person was deleted" in deleted
    assert "/edit/" not in deleted
    client.post(f"/people/{amara.pk}/restore")
    assert not reloaded(amara).is_deleted


def test_several_are_deleted_as_one_batch(alice, browse, amara, make):
    other = make(alice, "people", name="Other")
    client = browse(alice)
    page = client.post(
        "/people/bulk/delete", {"id": [str(amara.pk), str(other.pk), "nonsense"]}, follow=True
    ).content.decode()
    assert "2 records were deleted" in page
    client.post(re.search(r'action="(/batches/[^"]+/undo)"', page).group(1))
    assert not reloaded(amara).is_deleted
    assert not reloaded(other).is_deleted


def test_undo_says_what_it_kept(alice, browse, amara):
    client = browse(alice)
    part = client.post(f"/people/{amara.pk}/edit/source", {"source": "web"}, headers=PART).content.decode()
    client.post(f"/people/{amara.pk}/edit/source", {"source": "fair"})
    page = client.post(re.search(r'action="(/batches/[^"]+/undo)"', part).group(1), follow=True).content.decode()
    assert reloaded(amara).source == "fair"
    assert "is kept" in page


class TestStrangers:
    """Charlie reaches only what is his own."""

    def test_pages_of_others_are_not_there(self, charlie, browse, amara):
        client = browse(charlie)
        for path in ("", "timeline", "edit/source", "field/source"):
            assert client.get(f"/people/{amara.pk}/{path}").status_code == 404

    @pytest.mark.parametrize(
        ("path", "data"), [("edit/source", {"source": "x"}), ("delete", {}), ("restore", {}), ("notes", {"text": "x"})]
    )
    def test_writes_to_others_change_nothing(self, charlie, browse, amara, path, data):
        assert browse(charlie).post(f"/people/{amara.pk}/{path}", data).status_code == 404
        assert reloaded(amara).version == 1

    def test_undoing_the_deeds_of_others_is_refused(self, alice, charlie, browse, amara):
        from rapport.engine.events.models import JournalEntry

        batch = JournalEntry.objects.filter(about_id=amara.pk).first().batch
        assert browse(charlie).post(f"/batches/{batch}/undo").status_code == 403
        assert not reloaded(amara).is_deleted

    def test_settings_are_for_administrators(self, alice, browse):
        for path in ("/jobs/", "/settings/organisation/"):
            assert browse(alice).get(path).status_code == 403


def test_creating_shows_every_problem_and_keeps_what_was_typed(alice, browse):
    answer = browse(alice).post("/people/new", {"name": "Amara", "birthday": "soon", "phones.0.phone": "12"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Amara"' in page
    assert 'value="soon"' in page
    assert 'value="12"' in page


def test_an_empty_form_says_what_is_needed(alice, browse):
    answer = browse(alice).post("/companies/new", {"name": "", "revenue.amount": "", "revenue.currency": "NOK"})
    assert answer.status_code == 422
    assert "“Name” cannot be empty." in answer.content.decode()
    assert 'value="NOK"' in answer.content.decode()


def test_creating_someone_who_is_here_already_asks_first(alice, browse, amara):
    client = browse(alice)
    sent = {"name": "A. Okafor", "emails.0.email": "amara@x.no"}
    answer = client.post("/people/new", sent)
    assert answer.status_code == 409
    assert f"/people/{amara.pk}/" in answer.content.decode()
    assert Person.objects.count() == 1
    client.post("/people/new", {**sent, "create_anyway": "1"})
    assert Person.objects.count() == 2


def test_the_organisation_is_renamed_and_undone(dana, browse):
    client = browse(dana)
    sent = {"name": "Northwind Outdoor", "country": "NO", "currency": "NOK", "time_zone": "Europe/Oslo"}
    page = client.post("/settings/organisation/", sent, follow=True).content.decode()
    assert "Northwind Outdoor" in page
    client.post(re.search(r'action="(/batches/[^"]+/undo)"', page).group(1))
    assert "My company" in client.get("/people/").content.decode()


def test_journal_and_jobs_pages(dana, browse, amara):
    journal = browse(dana).get("/journal/").content.decode()
    assert "Amara Okafor" in journal
    assert "/undo" in journal
    assert browse(dana).get("/jobs/").status_code == 200
