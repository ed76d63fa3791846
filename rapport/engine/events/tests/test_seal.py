"""The seal: what verifies, what is found, and what an erasure leaves in peace."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.images import type_name
from rapport.engine.events.journal import Subject, subjects_of
from rapport.engine.events.journal import verify as verifying
from rapport.engine.events.journal.era import raise_era
from rapport.engine.events.journal.erase import erase
from rapport.engine.events.journal.seal import seal
from rapport.engine.events.journal.verify import Start, verify
from rapport.engine.events.models import JournalEntry, JournalSeal, JournalSubject
from rapport.engine.events.tests.sample_models import Book, Shelf
from rapport.engine.events.tests.support import as_owner, at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def write(count=5, **options):
    with open_act(SYSTEM, **options) as act:
        books = act.create([Book(title=f"secret {number}") for number in range(count)])
        act.delete(books[0])
    return books


SEALED_BEFORE = """
INSERT INTO journal_seal (first_era, first_xid, first_id, last_era, last_xid, last_id, count, root, previous, head)
SELECT min(era), min(xid), min(id), max(era), max(xid), max(id), s.count, s.root, '',
       sha256(s.root || int4send(s.count))
FROM journal, (
    SELECT count(*)::int AS count, sha256(string_agg(journal_entry_digest(j), '' ORDER BY era, xid, id)) AS root
    FROM journal j
) s GROUP BY s.count, s.root
"""


@pytest.fixture
def with_subjects(monkeypatch):
    """Two blocks of books on shelves, so that each entry about a book has a subject."""
    monkeypatch.setitem(
        subjects_of,
        type_name(Book),
        lambda rows: {row.pk: [Subject("events_tests.shelf", row.shelf_id, "parent")] for row in rows if row.shelf_id},
    )
    with open_act(SYSTEM) as act:
        shelf = act.create(Shelf(name="A"))
    for _block in range(2):
        with open_act(SYSTEM) as act:
            act.create([Book(title=str(number), shelf=shelf) for number in range(3)])
        seal()
    report = verify()
    assert (report.sealed, report.faults) == (7, [])
    return JournalSubject.objects.order_by("entry_id").first()


SUBJECTS = {
    "moved to another timeline": "UPDATE journal_subject SET subject_id = gen_random_uuid() WHERE entry_id = %s",
    "in another role": "UPDATE journal_subject SET role = 'company' WHERE entry_id = %s",
    "of another type": "UPDATE journal_subject SET type = 'events_tests.book' WHERE entry_id = %s",
    "at another time": "UPDATE journal_subject SET at = at + interval '1 microsecond' WHERE entry_id = %s",
    "removed": "DELETE FROM journal_subject WHERE entry_id = %s",
    "added": "INSERT INTO journal_subject SELECT entry_id, at, type, gen_random_uuid(), role FROM journal_subject "
    "WHERE entry_id = %s",
    "given to another entry": "UPDATE journal_subject SET entry_id = entry_id + 1, role = 'x' WHERE entry_id = %s",
}


@pytest.mark.parametrize("alteration", SUBJECTS)
def test_a_subject_that_is_altered_added_or_removed_is_found(with_subjects, alteration):
    assert as_owner(SUBJECTS[alteration], with_subjects.entry_id) == 1
    first = JournalSeal.objects.order_by("id").first()
    assert f"Block {first.pk}: an entry was altered, or whom it is about." in verify().faults


def test_a_subject_added_by_the_role_that_serves_people_is_found(with_subjects):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_subject SELECT entry_id, at, type, gen_random_uuid(), role FROM journal_subject"
        )
    assert len(verify().faults) == 2


def test_a_subject_of_no_entry_is_found(with_subjects):
    as_owner("INSERT INTO journal_subject VALUES (0, now(), 'x', gen_random_uuid(), 'x')")
    assert verify().faults == ["1 subjects belong to no entry."]


def test_blocks_sealed_in_the_earlier_form_verify_as_they_were_sealed(with_subjects):
    as_owner("DELETE FROM journal_seal")
    assert as_owner(SEALED_BEFORE) == 1
    assert (verify().sealed, verify().faults) == (7, [])
    write()
    assert seal() == 6
    assert list(JournalSeal.objects.order_by("id").values_list("form", flat=True)) == [1, 2]
    assert verify().faults == []
    as_owner("UPDATE journal SET actor_name = 'Eve' WHERE id = (SELECT min(id) FROM journal)")
    assert len(verify().faults) == 1


def test_a_block_cannot_be_passed_off_as_one_of_the_earlier_form(with_subjects):
    as_owner("UPDATE journal_seal SET form = 1 WHERE id = (SELECT max(id) FROM journal_seal)")
    assert len(verify().faults) == 2


def sealed(blocks=3):
    """A journal of several blocks."""
    for _block in range(blocks):
        write()
        seal()
    assert verify().faults == []
    return list(JournalEntry.objects.order_by("id"))


def test_closed_entries_are_sealed_once_and_verify():
    write(5)
    assert seal() == 6
    assert seal() == 0
    write(2)
    report = verify()
    assert (report.sealed, report.unsealed, report.faults) == (6, 3, [])
    assert report.head == bytes(JournalSeal.objects.get().head).hex()


def test_an_empty_journal_verifies():
    assert (seal(), verify().faults, verify().head) == (0, [], "")


def test_large_journals_are_sealed_and_verified_piece_by_piece(monkeypatch):
    monkeypatch.setattr("rapport.engine.events.journal.seal.BLOCK", 7)
    monkeypatch.setattr(verifying, "STRETCH", 20)
    write(99)
    assert seal() == 100
    assert JournalSeal.objects.count() == 15
    report = verify()
    assert (report.sealed, report.unsealed, report.faults) == (100, 0, [])


def test_open_entries_wait_and_only_one_seals():
    with transaction.atomic():
        write(1)
        assert at_once(seal, seal) == [0, 0]
    write(9)
    assert sum(at_once(seal, seal, seal)) == 12
    assert verify().faults == []


ALTERATIONS = {
    "an entry's author": ("UPDATE journal SET actor_name = 'Eve' WHERE id = %s", "an entry was altered"),
    "an entry's time": ("UPDATE journal SET at = at + interval '1 microsecond' WHERE id = %s", ""),
    "a value": (
        "UPDATE journal_payload SET after = jsonb_set(after, '{title}', '\"forged\"') WHERE entry_id = %s",
        "its values were altered",
    ),
    "a salt": ("UPDATE journal_payload SET salt = 'x' WHERE entry_id = %s", "its values were altered"),
    "a removed entry": ("DELETE FROM journal WHERE id = %s", "6 entries were sealed, 5 are there"),
    "a removed value": ("DELETE FROM journal_payload WHERE entry_id = %s", "no erasure accounts for it"),
    "an entry turned into another": (
        "UPDATE journal SET about_id = gen_random_uuid() WHERE id = %s",
        "an entry was altered",
    ),
    "a moved entry": ("UPDATE journal SET xid = xid + 1 WHERE id = %s", ""),
    "a root": ("UPDATE journal_seal SET root = 'x' WHERE id = (SELECT min(id) FROM journal_seal WHERE %s > 0)", ""),
    "a count": ("UPDATE journal_seal SET count = 5 WHERE id = (SELECT min(id) FROM journal_seal WHERE %s > 0)", ""),
    "a lost block": ("DELETE FROM journal_seal WHERE id = (SELECT min(id) FROM journal_seal WHERE %s > 0)", "chain"),
    "an added value": (
        "INSERT INTO journal_payload SELECT entry_id, '2001-01-01', 'x', NULL, '{}' FROM journal_payload "
        "WHERE entry_id = %s",
        "1 payloads belong to no entry",
    ),
}


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_whatever_the_owner_alters_is_found(alteration):
    entry = sealed()[7]
    statement, complaint = ALTERATIONS[alteration]
    assert as_owner(statement, entry.id) == 1
    faults = verify().faults
    assert faults
    assert complaint in " ".join(faults)


def test_an_entry_slipped_in_before_the_seal_is_found():
    """The role that serves people may insert, but not into what is sealed."""
    entry = sealed()[7]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal SELECT nextval('journal_id_seq'), era, xid, at, actor_kind, actor_id, 'forged', "
            "user_id, 'changed', about_type, about_id, batch, reason, NULL FROM journal WHERE id = %s",
            [entry.id],
        )
    assert "6 entries were sealed, 7 are there" in " ".join(verify().faults)


def test_a_cut_off_end_is_found_by_a_head_kept_outside():
    sealed()
    head = verify().head
    as_owner("DELETE FROM journal_seal WHERE id = (SELECT max(id) FROM journal_seal)")
    as_owner(
        "DELETE FROM journal WHERE (era, xid, id) > "
        "(SELECT last_era, last_xid, last_id FROM journal_seal ORDER BY id DESC LIMIT 1)"
    )
    as_owner("DELETE FROM journal_payload p WHERE NOT EXISTS (SELECT FROM journal j WHERE j.id = p.entry_id)")
    assert verify().faults == []
    assert "cut off" in " ".join(verify(head=head).faults)
    write()
    seal()
    assert verify(head=verify().head).faults == []


def test_erasure_leaves_it_green_and_is_told_by_request():
    books = write()
    seal()
    erase(books[1].pk, request="R-17")
    erase(books[2].pk, request="R-18")
    erase(books[3].pk, request="R-18")
    report = verify()
    assert (report.faults, report.erased) == ([], {"R-17": 1, "R-18": 2})


def test_a_new_era_goes_on_with_the_chain():
    write()
    seal()
    raise_era()
    write()
    assert seal() == 6
    assert verify().faults == []


def test_the_command_verifies_and_complains(capsys):
    books = write()
    call_command("journal", "seal")
    erase(books[1].pk, request="R-17")
    call_command("journal", "verify")
    told = capsys.readouterr().out
    assert "Sealed 6 entries." in told
    assert "1 entries erased by request R-17." in told
    assert "6 sealed entries verified" in told
    as_owner("UPDATE journal SET actor_name = 'Eve'")
    with pytest.raises(CommandError, match="an entry was altered"):
        call_command("journal", "verify")


def test_verifying_goes_on_where_it_ended():
    sealed(blocks=2)
    first = verify()
    start = Start(first.seal, first.head, timezone.now())
    write(3)
    seal()
    report = verify(start=start)
    assert (report.sealed, report.faults) == (4, [])
    assert report.head == verify().head
    as_owner("UPDATE journal SET actor_name = 'Eve' WHERE id = (SELECT min(id) FROM journal)")
    assert verify(start=start).faults == []
    as_owner("UPDATE journal SET actor_name = 'Eve' WHERE id = (SELECT max(id) FROM journal)")
    assert len(verify(start=start).faults) == 1


def test_verifying_goes_on_only_from_a_block_that_is_still_the_same():
    sealed(blocks=2)
    first = verify()
    other = Start(first.seal, "0" * 64, timezone.now())
    assert verify(start=other).faults == [f"Block {first.seal} is gone, or no longer the one that was verified before."]
    gone = Start(first.seal + 99, first.head, timezone.now())
    assert len(verify(start=gone).faults) == 1
