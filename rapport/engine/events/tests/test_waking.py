"""Who follows the journal is woken once for each transaction that wrote to it, after it has committed."""

import psycopg
import pytest
from django.db import connections, transaction

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.tests.sample_models import Book

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def woken():
    """How often somebody who listens was woken since the last question."""
    with psycopg.connect(**connections["default"].get_connection_params(), autocommit=True) as listener:
        listener.execute("LISTEN journal")
        yield lambda: len(list(listener.notifies(timeout=0.3)))


def write(*, fails=False):
    with open_act(SYSTEM) as act:
        act.create(Book())
        if fails:
            raise ConnectionError


def test_once_for_a_transaction_however_much_it_wrote(woken):
    with transaction.atomic():
        write()
        write()
        assert woken() == 0
    assert woken() == 1
    write()
    assert woken() == 1


def test_what_was_taken_back_wakes_nobody(woken):
    with pytest.raises(ConnectionError):
        write(fails=True)
    assert woken() == 0


def test_a_part_that_was_taken_back_does_not_silence_the_rest(woken):
    with transaction.atomic():
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
        write()
    assert woken() == 1
