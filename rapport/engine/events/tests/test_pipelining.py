"""Statements that are sent and not waited for: they happen in order, and what one raises is not lost."""

import pytest
from django.db import IntegrityError, connection
from psycopg.pq import TransactionStatus

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.pipelining import pipelined
from rapport.engine.events.tests.sample_models import Book, Shelf

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_database_works_while_python_goes_on():
    with pipelined():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.2)")
        assert connection.connection.info.transaction_status == TransactionStatus.ACTIVE
    assert connection.connection.info.transaction_status == TransactionStatus.IDLE


def test_what_is_read_has_seen_what_was_sent():
    with open_act(SYSTEM) as act, pipelined():
        act.create(Book(title="Emma"))
        assert Book.objects.get().title == "Emma"
    assert JournalEntry.objects.filter(about_type="events_tests.book").count() == 1


def test_what_the_database_refuses_is_raised_in_time_and_takes_back_the_step_alone():
    with open_act(SYSTEM) as act:
        act.create(Shelf(name="Top"))
        with pytest.raises(IntegrityError), act.attempt(), pipelined():
            act.create([Book(title="Persuasion"), Shelf(name="Top"), Book(title="sent after what fails")])
        act.create(Book(title="Emma"))
    assert list(Book.objects.values_list("title", flat=True)) == ["Emma"]
    assert Shelf.objects.count() == 1
    assert JournalEntry.objects.filter(batch=act.batch).count() == 2


def test_what_is_read_after_a_refusal_raises_it():
    with open_act(SYSTEM) as act:
        act.create(Shelf(name="Top"))
        with pytest.raises(IntegrityError), act.attempt(), pipelined():
            Book.objects.filter(shelf=act.create(Shelf(name="Top"))).first()
        act.create(Book(title="Emma"))
    assert Book.objects.count() == 1
