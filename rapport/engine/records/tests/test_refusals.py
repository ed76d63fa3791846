"""What the database says when it refuses a value, in words for people."""

import pytest
from django.db import DatabaseError, connection, transaction

from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.refusals import is_refusal, reason_of

pytestmark = pytest.mark.django_db

TABLE = (
    "CREATE TEMP TABLE refusing (name text UNIQUE, age int NOT NULL CONSTRAINT grown CHECK (age > 17)) ON COMMIT DROP"
)


def refused(statement):
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute("INSERT INTO refusing VALUES ('Amara', 30)")
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            cursor.execute(statement)
    return caught.value


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("INSERT INTO refusing VALUES ('Amara', 40)", "Another record has taken a value that must be unique."),
        ("INSERT INTO refusing VALUES ('Bruno', 4)", "The values do not go together: they break the rule “grown”."),
        ("INSERT INTO refusing VALUES ('Bruno')", "The values do not go together: they break the rule “age”."),
        ("INSERT INTO refusing VALUES ('Bruno', 9e12)", "One of the values does not fit."),
        (
            "INSERT INTO refusing SELECT string_agg(md5(n::text), ''), 40 FROM generate_series(1, 2000) n",
            "A value is too long to be sorted by.",
        ),
    ],
)
def test_the_data_is_at_fault(statement, reason):
    error = refused(statement)
    assert is_refusal(error)
    assert reason_of(error) == reason


def test_the_database_is_at_fault():
    assert not is_refusal(refused("SELECT * FROM no_such_table"))


def test_a_rule_tells_all_its_reasons():
    error = ValidationFailed({"name": "Too long.", "age": "Too low."})
    assert is_refusal(error)
    assert reason_of(error) == "Too long.; Too low."
