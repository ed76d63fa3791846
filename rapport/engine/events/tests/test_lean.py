"""Rows and JSON read the short way are what the long way reads."""

import json

import pytest
from django.db import connection

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.tests.sample_models import Book

pytestmark = pytest.mark.django_db


@pytest.fixture
def emma():
    with open_act(SYSTEM) as act:
        return act.create(Book(title="Emma", emails=[{"email": "emma@x.no"}]))


def test_a_row_is_known_to_be_in_the_table(emma):
    read = Book.objects.get()
    assert read == emma
    assert not read._state.adding
    assert read._state.db == "default"


def test_columns_left_out_are_read_when_asked_for(emma, django_assert_num_queries):
    with django_assert_num_queries(1):
        read = Book.objects.only("title").get()
    assert read.get_deferred_fields() > {"pages", "emails"}
    with django_assert_num_queries(1):
        assert read.emails == [{"email": "emma@x.no"}]


NUMBERS = ("12", "0.1", str(2**63), str(-(2**70)), "1" + "0" * 400, "0.12345678901234567")
OTHERS = ("[]", "{}", '"text"', "null", "true", '[{"email": "åse@x.no", "n": [1, 2.5, null]}]', r'"\u0041\ud83d\ude00"')


@pytest.mark.parametrize("text", [*NUMBERS, *OTHERS])
def test_any_json_is_read_as_json_reads_it(emma, text):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_tests_book SET emails = %s::jsonb RETURNING emails::text", [text])
        written = cursor.fetchone()[0]
    assert repr(Book.objects.get().emails) == repr(json.loads(written))
