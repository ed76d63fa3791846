"""Quality through its pages: what to mend first, mending it in bulk, confirming, and the rules behind it."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from rapport.engine.accounts.models import User
from rapport.engine.events.act import open_act
from rapport.engine.records.actions import create_record
from rapport.engine.records.definitions import check_again
from rapport.engine.records.models import Confirmation, QualityRule, RecordQuality
from rapport.engine.records.quality.built_in import id_of
from rapport.engine.records.quality.reading import quality_rules
from rapport.engine.records.quality.working import rescore_rows
from rapport.engine.records.registry import record_type
from rapport.engine.web.tests.making import page_of, undo_last


def made(user, now=None, **raw):
    with open_act(user.actor, now=now) as act:
        row = create_record(act, record_type("people"), {"name": "Amara", **raw})
    rescore_rows(record_type("people"), record_type("people").rows())
    return row


@pytest.fixture
def dana_user(admin):
    return User.objects.get(role="admin")


def test_the_page_says_what_to_mend_first_and_leads_to_the_records(admin, dana_user):
    made(dana_user, phones="+4722334455")
    made(dana_user, name="Bo", emails="bo@fjell.example", phones="+4722334456")
    home = page_of(admin, "/quality/")
    assert 'hx-get="/quality/people/"' in home
    page = page_of(admin, "/quality/people/")
    assert page.index("Has a company") < page.index("The name is a name")
    key = id_of("people", "company")
    where = f"in failing({key})"
    listed = admin.get("/people/", {"where": where}).content.decode()
    assert "Amara" in listed
    assert "Bo" in listed
    listed = admin.get("/people/", {"where": 'in failing("Has an e-mail")'}).content.decode()
    assert "Bo</" not in listed
    assert "Has an e-mail" in listed


def test_what_fails_is_set_in_bulk_and_one_click_takes_it_back(admin, dana_user):
    made(dana_user, emails="amara@fjell.example")
    where = f"in failing({id_of('people', 'owner')})"
    page = page_of(admin, "/people/bulk/edit", all="1", where=where, field="owner")
    assert "Owner" in page
    page = page_of(admin, "/quality/people/")
    assert "Set for all…" in page


def test_many_are_confirmed_at_once(admin, dana_user):
    old = timezone.now() - timedelta(days=700)
    row = made(dana_user, now=old, phones="+4722334455")
    assert id_of("people", "phone-fresh") in RecordQuality.objects.get(pk=row.pk).failing
    assert "Confirm all…" in page_of(admin, "/quality/people/")
    query = {"all": "1", "where": f"in failing({id_of('people', 'phone-fresh')})", "field": "phones"}
    page = page_of(admin, "/people/bulk/confirm", **query)
    assert "Confirm 1 record" in page
    assert not Confirmation.objects.exists()
    answer = admin.post(f"/people/bulk/confirm?{urlencode(query)}", {"bulk.go": "1"}, follow=True)
    assert "1 record was confirmed" in answer.content.decode()
    assert RecordQuality.objects.get(pk=row.pk).fresh == 100
    assert Confirmation.objects.filter(deleted_at=None).count() == 1
    undo_last(admin, answer)
    assert not Confirmation.objects.filter(deleted_at=None).exists()


def test_the_record_page_says_what_it_lacks_and_confirms_with_one_click(admin, dana_user):
    row = made(dana_user, now=timezone.now() - timedelta(days=700), phones="+4722334455", owner=str(dana_user.pk))
    page = page_of(admin, f"/people/{row.pk}/")
    assert "Still right" in page
    assert "Has a company" in page
    answer = admin.post(f"/people/{row.pk}/confirm", {"field": "phones"}, follow=True)
    assert "Confirmed: still right." in answer.content.decode()
    assert "Still right" not in answer.content.decode()
    undo_last(admin, answer)


def test_rules_are_made_seen_before_they_are_saved_changed_and_switched_off(admin, dana_user):
    made(dana_user, source="Fair")
    made(dana_user, name="Bo", emails="bo@fjell.example")
    new = "/settings/quality/people/new"
    raw = {"label": "Has a source", "field": "source", "kind": "complete", "weight": "3"}
    page = admin.post(new, raw | {"preview": "1"}).content.decode()
    assert "1 of 2 people would fail." in page
    assert not QualityRule.objects.exists()
    answer = admin.post(new, raw | {"save": "1"}, follow=True)
    assert "The rule “Has a source” was saved." in answer.content.decode()
    check_again()
    row = QualityRule.objects.get()
    assert row.good == "source is not empty"
    place = f"/settings/quality/people/{row.pk}/"
    assert "source is not empty" in page_of(admin, place)
    page = admin.post(place, raw | {"good": "nowhere = 1", "save": "1", "version": "1"})
    assert page.status_code == 422
    assert "nowhere is not a field of people" in page.content.decode()
    assert admin.post(place, raw | {"weight": "5", "save": "1", "version": "1"}).status_code == 302
    page = admin.post(place, raw | {"weight": "2", "save": "1", "version": "1"})
    assert page.status_code == 409
    assert "Somebody else saved this rule" in page.content.decode()
    answer = admin.post(f"{place}switch", follow=True)
    check_again()
    assert row.pk not in quality_rules(record_type("people")).by_id
    undo_last(admin, answer)
    check_again()
    assert row.pk in quality_rules(record_type("people")).by_id
    answer = admin.post(f"{place}delete", follow=True)
    assert "was deleted" in answer.content.decode()
    undo_last(admin, answer)
    check_again()
    assert row.pk in quality_rules(record_type("people")).by_id


def test_lists_show_sort_and_filter_by_quality(admin, dana_user):
    made(dana_user)
    made(dana_user, name="Bo", emails="bo@fjell.example", phones="+4722334456", owner=str(dana_user.pk))
    page = page_of(admin, "/people/", columns="name,quality", order="quality")
    assert page.index("Amara") < page.index(">Bo<")
    assert "Data quality" in page
    page = page_of(admin, "/people/", where="quality < 50", columns="name,quality")
    assert "Amara" in page
    assert "bo@" not in page


def test_what_a_role_hides_is_told_by_no_rule_and_by_no_score(dana_user, browse, charlie):
    made(dana_user, owner=str(charlie.pk), emails="c@fjell.example")
    client = browse(charlie)
    page = page_of(client, "/quality/people/")
    assert "Has a company" in page
    assert "phone" not in page.lower().partition('id="content"')[2]
    assert 'class="scores"' not in page
    listed = client.get("/people/", {"where": 'in failing("Has a phone")'}).content.decode()
    assert "There is no quality rule" in listed
    assert client.get("/people/", {"where": "quality < 50"}).status_code == 400


def test_who_has_most_to_mend_is_asked_for_apart(admin, dana_user):
    made(dana_user, owner=str(dana_user.pk))
    made(dana_user, name="Bo")
    made(dana_user, name="Cleo")
    page = page_of(admin, "/quality/people/", part="owners")
    assert page.index("Nobody") < page.index(">Dana<")


def test_a_timeline_tells_of_confirmations(admin, dana_user):
    row = made(dana_user, phones="+4722334455")
    admin.post(f"/people/{row.pk}/confirm", {"field": "phones"})
    assert "confirmed Phone: still right" in page_of(admin, f"/people/{row.pk}/")


def test_what_pages_cost(admin, dana_user, pinned_queries, django_assert_max_num_queries):
    made(dana_user, phones="+4722334455")
    for name, address in (("quality", "/quality/"), ("quality of people", "/quality/people/")):
        admin.get(address)
        with django_assert_max_num_queries(100) as asked:
            page_of(admin, address)
        pinned_queries(name, len(asked))
