"""Following over the API."""

import pytest

from rapport.engine.api.tests.conftest import Api, make_token
from rapport.engine.collaboration.models import Follow
from rapport.engine.collaboration.tests.support import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara(alice):
    return make(alice, name="Amara Okafor", owner=str(alice.pk))


def test_one_follows_asks_and_stops(dana, amara):
    api, place = Api(make_token(dana)), f"/people/{amara.pk}/follow"
    assert api.get(place).data == {"level": "mentions", "said": False}
    assert api.send("PUT", place, {"level": "important"}).data == {"level": "important", "said": True}
    assert api.get(place).data == {"level": "important", "said": True}
    assert api.delete(place).status_code == 204
    assert api.get(place).data == {"level": "mentions", "said": False}


def test_what_is_wrong_is_said_and_nothing_is_written(dana, charlie, amara):
    api, place = Api(make_token(dana)), f"/people/{amara.pk}/follow"
    assert api.send("PUT", place, {"level": "loud"}).status_code == 422
    assert api.send("PUT", place, {"level": "all", "for": "bob"}).status_code == 400
    assert api.get(place, {"user": "bob"}).status_code == 400
    assert Api(make_token(charlie)).send("PUT", place, {"level": "all"}).status_code == 404
    assert not Follow.objects.exists()


def test_it_is_described(dana):
    said = Api(make_token(dana)).get("/openapi.json").data
    assert set(said["paths"]["/people/{id}/follow"]) == {"parameters", "get", "put", "delete"}
    assert "/comments/{id}/follow" not in said["paths"]
