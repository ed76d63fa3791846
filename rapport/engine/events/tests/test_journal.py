"""The journal's tables: who may do what to them, their months, and erasing."""
# ruff: noqa: S608 — the names of tables stand in this file

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.ids import uuid7
from rapport.engine.events.journal import Subject, entries_around, with_payloads
from rapport.engine.events.journal.erase import erase, erased_among
from rapport.engine.events.journal.partitions import keep_partitions, make_partitions
from rapport.engine.events.models import JournalEntry, JournalPayload, JournalSeal, JournalSubject
from rapport.engine.events.tests.sample_models import Book
from rapport.engine.events.tests.sample_reactions import BookLent
from rapport.engine.events.tests.support import as_owner

pytestmark = pytest.mark.django_db

TABLES = ("journal", "journal_payload", "journal_subject", "journal_seal", "journal_erased", "journal_era")


def execute(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def partitions(of="journal"):
    rows = execute(f"SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = '{of}'::regclass")
    return {name for (name,) in rows}


def refused(statement):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        execute(statement)


@pytest.mark.parametrize("table", TABLES)
def test_what_is_written_cannot_be_altered_by_the_role_that_serves_people(table):
    assert execute(f"SELECT current_user, count(*) FROM {table}")[0][0] == "rapport_app"
    column = {"journal_era": "era", "journal_erased": "request", "journal_seal": "head"}.get(table, "at")
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
    ):
        refused(statement)


@pytest.mark.parametrize("table", ["journal", "journal_payload", "journal_subject"])
def test_nor_through_the_back_door_of_a_single_month(table):
    for part in partitions(table):
        for statement in (
            f"UPDATE {part} SET at = at",
            f"DELETE FROM {part}",
            f"TRUNCATE {part}",
            f"SELECT FROM {part}",
        ):
            refused(statement)


def test_nor_can_it_raise_the_era_forge_an_erasure_or_turn_back_the_numbers():
    refused("INSERT INTO journal_era VALUES (2)")
    refused("INSERT INTO journal_erased (entry_id, request) VALUES (1, 'forged')")
    refused("SELECT setval('journal_id_seq', 1)")
    refused("SELECT journal_guard('journal')")


def test_every_month_that_comes_has_its_own_partition():
    keep_partitions()
    for table in ("journal", "journal_payload", "journal_subject"):
        names = partitions(table)
        for days in (0, 31, 62, 92):
            assert f"{table}_{timezone.now() + timedelta(days=days):%Y_%m}" in names
        assert f"{table}_elsewhen" in names
    before = partitions()
    keep_partitions()
    assert partitions() == before


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_entries_of_the_past_move_into_their_months_when_these_are_made():
    moments = [datetime(2024, month, 29, 23, 59, 59, tzinfo=UTC) for month in (1, 2, 3)]
    for at in moments:
        with open_act(SYSTEM, now=at) as act:
            act.create(Book(title=f"{at:%B}"))
    told = [(entry.id, entry.at, entry.after) for entry in with_payloads(list(JournalEntry.objects.order_by("id")))]
    make_partitions(moments[0], moments[-1])
    assert {"journal_2024_01", "journal_2024_02", "journal_2024_03"} <= partitions()
    assert as_owner("SELECT count(*) FROM journal_elsewhen") == [(0,)]
    assert as_owner("SELECT count(*) FROM journal_2024_02") == [(1,)]
    now = [(entry.id, entry.at, entry.after) for entry in with_payloads(list(JournalEntry.objects.order_by("id")))]
    assert now == told
    refused("DELETE FROM journal_2024_02")
    assert Book.objects.get(title="February").created_at == moments[1]


def test_months_begin_at_midnight_utc_whatever_the_zone_of_the_session():
    execute("SET LOCAL timezone = 'Europe/Oslo'")
    make_partitions(datetime(2023, 10, 5, tzinfo=UTC), datetime(2023, 11, 5, tzinfo=UTC))
    execute("SET LOCAL timezone = 'UTC'")
    (bounds,) = execute("SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'journal_2023_11'")[0]
    assert bounds == "FOR VALUES FROM ('2023-11-01 00:00:00+00') TO ('2023-12-01 00:00:00+00')"


def test_erasing_leaves_the_entries_and_says_for_which_request():
    with open_act(SYSTEM) as act:
        emma, other = act.create([Book(title="Emma"), Book(title="other")])
        act.change(emma, title="Persuasion")
    assert erase(emma.pk, request="R-1") == 2
    assert erase(emma.pk, request="R-2") == 0
    told = {entry.about_id: entry for entry in with_payloads(list(JournalEntry.objects.order_by("id")))}
    assert told[emma.pk].is_erased
    assert told[emma.pk].after == {}
    assert not told[other.pk].is_erased
    assert execute("SELECT request, count(*) FROM journal_erased GROUP BY 1") == [("R-1", 2)]
    assert erased_among([emma.pk, other.pk, uuid7()]) == {emma.pk}


def test_payloads_are_read_in_one_query(django_assert_num_queries):
    with open_act(SYSTEM) as act:
        books = act.create([Book(title=str(number)) for number in range(5)])
        act.delete(books[0])
    entries = list(JournalEntry.objects.order_by("id"))
    with django_assert_num_queries(1):
        with_payloads(entries)
        assert [entry.after.get("title") for entry in entries] == ["0", "1", "2", "3", "4", None]
    assert with_payloads([]) == []


def test_what_is_around_a_record_is_read_newest_first_and_piece_by_piece():
    shelf = uuid7()
    with open_act(SYSTEM) as act:
        emma, other = act.create([Book(title="Emma"), Book(title="other")])
        act.change(emma, title="Persuasion")
        act.happened(BookLent(other.pk, 1), [Subject("events_tests.book", emma.pk, "instead")])
        act.happened(BookLent(emma.pk, 2), [Subject("events_tests.book", emma.pk, "itself")])
        act.happened(BookLent(other.pk, 3), [Subject("events_tests.shelf", shelf, "from")])
    around = entries_around(emma.pk, limit=3)
    assert [(entry.kind, entry.data.get("number")) for entry in around] == [
        ("book.lent", 2), ("book.lent", 1), ("changed", None)
    ]  # fmt: skip
    (first,) = entries_around(emma.pk, before=around[-1].id, limit=3)
    assert first.after["title"] == "Emma"
    assert [entry.data["number"] for entry in entries_around(shelf, limit=3)] == [3]
    assert entries_around(uuid7(), limit=3) == []


def test_the_models_fit_the_tables():
    for model in (JournalEntry, JournalPayload, JournalSeal, JournalSubject):
        assert not list(model.objects.all()[:1])


@pytest.mark.django_db(databases=["default", "owner"])
def test_no_migration_is_missing():
    call_command("makemigrations", "events", check=True, dry_run=True, verbosity=0)
