"""What an audit says of the journal: whole, altered, erased by request, and only what is new."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.engine.accounts.audit import Verdict, make_report
from rapport.engine.accounts.audit.keeping import keep_report
from rapport.engine.accounts.tests.audit.conftest import counts, rows
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.journal.erase import erase
from rapport.engine.events.journal.seal import seal
from rapport.engine.events.models import JournalEntry, JournalSeal
from rapport.engine.events.tests.support import as_owner

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def person(dana, make):
    made = make(dana, "people", name="Amara Okafor")
    seal()
    return made


def kept(**options):
    with open_act(SYSTEM) as act:
        return keep_report(act, make_report(**options))


def test_a_whole_journal_is_verified_and_its_head_told(person, section):
    found = section("journal")
    assert found.verdict is Verdict.GOOD
    assert counts(found)["verified"] == JournalEntry.objects.count()
    assert counts(found)["unsealed"] == counts(found)["faults"] == 0
    head = bytes(JournalSeal.objects.order_by("-id").first().head).hex()
    title = "Keep this elsewhere: it proves that the end was not cut off"
    assert rows(found, title) == [(head, JournalSeal.objects.order_by("-id").first().pk)]


def test_what_is_not_sealed_is_told(person, make, dana, section):
    make(dana, "people", name="Bruno Lindholm")
    assert counts(section("journal"))["unsealed"] > 0


def test_only_what_is_new_is_verified_unless_all_is_asked_for(person, make, dana, section):
    before = JournalEntry.objects.count()
    row = kept()
    assert row.seal == JournalSeal.objects.get().pk
    make(dana, "people", name="Bruno Lindholm")
    seal()
    found = section("journal")
    assert counts(found)["verified"] == JournalEntry.objects.count() - before
    assert f"since block {row.seal}" in found.advice
    assert counts(section("journal", full=True))["verified"] == JournalEntry.objects.count()


def test_a_tampered_entry_is_to_be_acted_on(person, section):
    as_owner("UPDATE journal SET actor_name = 'Eve' WHERE id = (SELECT min(id) FROM journal)")
    found = section("journal")
    assert found.verdict is Verdict.ACT
    assert "an entry was altered" in rows(found, "Faults")[0][0]


def test_an_old_entry_that_was_tampered_with_is_found_by_a_full_audit(person, make, dana, section):
    kept()
    as_owner("UPDATE journal SET actor_name = 'Eve' WHERE id = (SELECT min(id) FROM journal)")
    assert section("journal").verdict is Verdict.GOOD
    assert section("journal", full=True).verdict is Verdict.ACT


def test_a_seal_that_was_cut_off_since_the_last_audit_is_told(person, section):
    row = kept()
    as_owner("DELETE FROM journal_seal")
    seal()
    found = section("journal")
    assert found.verdict is Verdict.ACT
    assert f"Block {row.seal} is gone" in rows(found, "Faults")[0][0]


def test_what_was_altered_ends_the_proof(person):
    as_owner("UPDATE journal SET actor_name = 'Eve' WHERE id = (SELECT min(id) FROM journal)")
    row = kept()
    assert (row.seal, row.head, row.verdict) == (0, "", "act")


def test_what_was_erased_by_request_is_told_and_no_fault(person, section):
    erase(person.pk, request="R-1")
    found = section("journal")
    assert found.verdict is Verdict.GOOD
    assert rows(found, "Erased by request") == [("R-1", 1)]


def test_a_restored_backup_is_told(person, section):
    from rapport.engine.events.journal.era import raise_era

    raise_era()
    assert counts(section("stepping_in"))["restored"] == 0
    with open_act(SYSTEM) as act:
        act.change(person, source="Fair")
    assert counts(section("stepping_in"))["restored"] == 1
    as_owner("UPDATE journal_era SET era = 1")


def test_what_was_slipped_in_since_the_last_audit_is_found_whatever_time_is_asked_for(person, section):
    kept()
    as_owner("INSERT INTO journal_subject VALUES (0, now(), 'x', gen_random_uuid(), 'x')")
    found = section("journal", since=timezone.now() + timedelta(hours=1), until=timezone.now() + timedelta(hours=2))
    assert rows(found, "Faults") == [("1 subjects belong to no entry.",)]
