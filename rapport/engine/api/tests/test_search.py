"""Search by programs."""

from io import StringIO

import pytest
from django.core.management import call_command


@pytest.fixture
def amara(api):
    made = api.new(name="Amara Okafor", emails=["amara@fjellfjord.no"], phones=["+33628123456"])
    call_command("reindex", stdout=StringIO())
    return made


@pytest.mark.parametrize("typed", ["amara", "amara@fjellfjord.no", "0033 6 28 12 34 56", "okafor amara", "okafro"])
def test_a_record_is_found(api, amara, typed):
    (item,) = api.get("/search", {"q": typed}).data["items"]
    assert (item["type"], item["id"], item["title"]) == ("people", amara["id"], "Amara Okafor")
    assert item["beside"] == ["amara@fjellfjord.no"]


def test_nothing_asked_is_nothing_found(api, amara):
    assert api.get("/search").data == {"items": []}
    assert api.get("/search", {"q": "zzzzqqq"}).data == {"items": []}


def test_a_misspelt_parameter_is_refused(api, amara):
    assert api.get("/search", {"query": "amara"}).status_code == 400


def test_it_needs_a_token(amara, client):
    assert client.get("/api/v1/search?q=amara").status_code == 401
