"""Rapport-Batch: writes that belong together, and taking them back."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.utils import timezone

from rapport.engine.records.gate import EVERY_VERB, Policy


def test_writes_join_a_batch_and_are_undone_together(api):
    first = api.post("/people", {"name": "Ada Nansen"})
    batch = first["Rapport-Batch"]
    path = f"/people/{first.data['id']}"
    joined = [
        api.patch(path, {"source": "web"}, Rapport_Batch=batch),
        api.post("/companies", {"name": "Acme"}, Rapport_Batch=batch),
        api.post("/people/batch", {"mode": "create", "items": [{"name": "B"}]}, Rapport_Batch=batch),
    ]
    assert [one["Rapport-Batch"] for one in joined] == [batch] * 3
    undone = api.post(f"/batches/{batch}/undo")
    assert undone.status_code == 200
    assert undone.data["conflicts"] == []
    assert undone.data["rows"] >= 3
    assert undone["Rapport-Batch"] == undone.data["batch"] != batch
    assert api.get("/people").data["items"] == api.get("/companies").data["items"] == []
    redone = api.post(f"/batches/{undone.data['batch']}/undo")
    assert redone.status_code == 200
    assert api.get(path).data["source"] == "web"


def test_what_somebody_changed_since_is_kept_and_told(api, dana_api):
    person = api.new(name="Ada Nansen", source="fair", stage="lead")
    path = f"/people/{person['id']}"
    changed = api.patch(path, {"source": "web", "stage": "customer"})
    dana_api.patch(path, {"source": "mail"})
    undone = api.post(f"/batches/{changed['Rapport-Batch']}/undo").data
    assert undone["conflicts"] == [
        {"type": "people", "id": person["id"], "why": "changed", "field": "source", "ours": "web", "theirs": "mail"}
    ]
    now = api.get(path).data
    assert (now["source"], now["stage"]) == ("mail", "lead")


def test_a_batch_is_undone_once_by_who_made_it_or_an_administrator(api, dana_api, role):
    charlie = role({})
    batch = api.post("/people", {"name": "Ada Nansen"})["Rapport-Batch"]
    assert charlie.post(f"/batches/{batch}/undo").status_code == 403
    assert dana_api.post(f"/batches/{batch}/undo").status_code == 200
    again = api.post(f"/batches/{batch}/undo")
    assert (again.status_code, again.data["type"]) == (409, "urn:rapport:problem:cannot-undo")


@pytest.mark.parametrize("key", [str(uuid4()), "x", "0"])
def test_an_unknown_batch_is_404(api, key):
    assert api.post(f"/batches/{key}/undo").status_code == 404


class TestJoining:
    """Only an open batch of one's own can be joined."""

    @pytest.fixture
    def batch(self, api):
        return api.post("/people", {"name": "Ada Nansen"})["Rapport-Batch"]

    def refused(self, api, batch):
        response = api.post("/people", {"name": "B"}, Rapport_Batch=batch)
        assert response.status_code == 409
        assert response.data["type"] == "urn:rapport:problem:batch-closed"
        return True

    def test_an_unknown_one_cannot(self, api):
        assert self.refused(api, str(uuid4()))

    def test_somebody_elses_cannot(self, dana_api, batch):
        assert self.refused(dana_api, batch)

    def test_an_undone_one_cannot(self, api, batch):
        api.post(f"/batches/{batch}/undo")
        assert self.refused(api, batch)

    def test_an_old_one_cannot(self, api, batch):
        later = timezone.now() + timedelta(hours=1, seconds=5)
        with patch("django.utils.timezone.now", return_value=later):
            assert self.refused(api, batch)

    def test_what_is_no_id_is_400(self, api):
        response = api.post("/people", {"name": "B"}, Rapport_Batch="mine")
        assert (response.status_code, response.data["header"]) == (400, "Rapport-Batch")


def test_what_is_out_of_reach_is_kept_and_told_without_what_it_holds(role, dana_api):
    own = Policy(dict.fromkeys(EVERY_VERB, "own"))
    charlie = role({"people": own})
    me = {"owner": "me", "source": "fair"}
    mine, given = charlie.new(name="Mine", **me), charlie.new(name="Given", **me)
    items = [{"id": one["id"], "source": "web"} for one in (mine, given)]
    changed = charlie.post("/people/batch", {"mode": "update", "match_on": "id", "items": items})
    dana_api.patch(f"/people/{given['id']}", {"owner": None, "name": "Canary"})
    undone = charlie.post(f"/batches/{changed['Rapport-Batch']}/undo")
    assert (undone.data["rows"], undone.data["kept"]) == (1, 1)
    assert undone.data["conflicts"] == [{"type": "people", "id": given["id"], "why": "reach", "field": None}]
    assert b"Canary" not in undone.content
    assert dana_api.get(f"/people/{given['id']}").data["source"] == "web"
    assert charlie.get(f"/people/{mine['id']}").data["source"] == "fair"
