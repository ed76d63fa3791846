"""A question that keeps the database too long is given up with a sentence; the next one is answered."""

import pytest
from django.db import connection, connections, transaction

from rapport.engine.api.tests.conftest import Api, make_token
from rapport.engine.events.tests.support import as_owner

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def impatient():
    """Statements of this connection end after a moment."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '100ms'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET statement_timeout")


@pytest.fixture
def busy():
    """The table of notes cannot be read until the test ends."""
    with transaction.atomic(using="owner"):
        as_owner("LOCK TABLE note IN ACCESS EXCLUSIVE MODE")
        yield
    connections["owner"].close()


def test_a_page_says_so(alice, browse, impatient, busy):
    client = browse(alice)
    answer = client.get("/people/", {"where": "count(notes) > 0"})
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "This takes too long" in page
    assert "Ask for less" in page
    assert client.get("/people/").status_code == 200


def test_the_api_says_so(alice, impatient, busy):
    api = Api(make_token(alice))
    answer = api.get("/people", {"where": "count(notes) > 0"})
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:rapport:problem:too-slow"
    assert api.get("/people").status_code == 200
