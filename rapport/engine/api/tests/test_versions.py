"""ETag, If-Match and If-None-Match: nobody overwrites what they have not seen."""

import threading

import pytest
from django.db import connection, connections

from rapport.engine.api.tests.conftest import Api
from rapport.engine.records.gate import Policy, Verb

ALL = dict.fromkeys(("read", "create", "change", "delete"), "all")


@pytest.fixture
def person(api):
    return api.new(name="Ada Nansen", source="fair", stage="lead")


def path(person):
    return f"/people/{person['id']}"


def test_what_is_known_already_is_304(api, person):
    first = api.get(path(person))
    again = api.get(path(person), If_None_Match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert api.get(path(person), If_None_Match='"1-00000000", ' + first["ETag"]).status_code == 304
    api.patch(path(person), {"source": "web"})
    assert api.get(path(person), If_None_Match=first["ETag"]).status_code == 200


def test_a_new_name_of_the_company_is_not_304(api, person):
    company = api.new("/companies", name="Acme")
    api.patch(path(person), {"company": company["id"]})
    known = api.get(path(person))["ETag"]
    api.patch(f"/companies/{company['id']}", {"name": "Acme Oslo"})
    assert api.get(path(person), If_None_Match=known).status_code == 200


class TestChange:
    """Alice reads version 1, Bob changes `source`, then Alice sends."""

    @pytest.fixture
    def stale(self, api, person):
        etag = api.get(path(person))["ETag"]
        api.patch(path(person), {"source": "web"})
        return etag

    @pytest.mark.parametrize("header", ["{etag}", '"1"', 'W/"1"', '"1", "1-abc"'])
    def test_another_field_is_merged(self, api, person, stale, header):
        response = api.patch(path(person), {"stage": "customer"}, If_Match=header.format(etag=stale))
        assert response.status_code == 200
        assert (response.data["source"], response.data["stage"], response.data["version"]) == ("web", "customer", 3)

    def test_the_same_field_is_409_with_both_values(self, api, person, stale):
        response = api.patch(path(person), {"source": "mail", "stage": "customer"}, If_Match=stale)
        assert response.status_code == 409
        assert response.data["type"] == "urn:rapport:problem:edit-conflict"
        assert response.data["version"] == 2
        [conflict] = response.data["errors"]
        assert (conflict["pointer"], conflict["theirs"], conflict["yours"]) == ("/source", "web", "mail")
        assert api.get(path(person)).data["stage"] == "lead"

    def test_the_same_value_twice_is_no_conflict(self, api, person, stale):
        assert api.patch(path(person), {"source": "web"}, If_Match=stale).status_code == 200

    def test_without_a_version_the_last_one_wins(self, api, person, stale):
        assert api.patch(path(person), {"source": "mail"}).data["source"] == "mail"
        assert api.patch(path(person), {"source": "post"}, If_Match="*").data["source"] == "post"

    def test_the_version_that_stands_there_now_passes(self, api, person, stale):
        now = api.get(path(person))["ETag"]
        assert api.patch(path(person), {"source": "mail"}, If_Match=f"{stale}, {now}").status_code == 200

    def test_a_version_that_never_was_is_412(self, api, person):
        response = api.patch(path(person), {"source": "mail"}, If_Match='"99"')
        assert (response.status_code, response.data["version"]) == (412, 1)

    @pytest.mark.parametrize("header", ["1", '"x"', '""', '"1" "2"', '"99999999999999999999"', '"-1"'])
    def test_what_is_no_etag_is_400(self, api, person, header):
        response = api.patch(path(person), {"source": "mail"}, If_Match=header)
        assert (response.status_code, response.data["header"]) == (400, "If-Match")

    def test_emails_changed_by_both_show_both_lists(self, api, person):
        etag = api.get(path(person))["ETag"]
        api.patch(path(person), {"emails": ["a@fjord.no"]})
        response = api.patch(path(person), {"emails": ["b@fjord.no"]}, If_Match=etag)
        [conflict] = response.data["errors"]
        assert [one["email"] for one in conflict["theirs"]] == ["a@fjord.no"]
        assert [one["email"] for one in conflict["yours"]] == ["b@fjord.no"]


def test_delete_asks_for_exactly_the_version(api, person):
    etag = api.get(path(person))["ETag"]
    api.patch(path(person), {"source": "web"})
    assert api.delete(path(person), If_Match=etag).status_code == 412
    assert api.delete(path(person), If_Match=api.get(path(person))["ETag"]).status_code == 204


def test_a_hidden_field_is_in_no_conflict(role, api, person):
    verbs: dict[Verb, str] = ALL
    blind = role({"people": Policy(verbs, hidden=frozenset({"first_name"}))})
    api.patch(path(person), {"name": "Canary Nansen"})
    response = blind.patch(path(person), {"name": "Other Name"}, If_Match='"1"')
    assert response.status_code == 409
    assert {one["pointer"] for one in response.data["errors"]} <= {"/name", "/last_name"}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_from_the_same_version_do_not_both_win(api):
    person = api.new(name="Ada Nansen", source="fair")
    answers = []

    def send(source):
        other = Api(api.headers["Authorization"].removeprefix("Bearer "))
        answers.append(other.patch(path(person), {"source": source}, If_Match='"1"'))
        connections.close_all()

    threads = [threading.Thread(target=send, args=[source]) for source in ("web", "mail")]
    with connection.cursor() as cursor:
        cursor.execute("BEGIN; SELECT 1 FROM person FOR UPDATE")
        for thread in threads:
            thread.start()
        threads[0].join(0.5)
        assert not answers
        cursor.execute("COMMIT")
    for thread in threads:
        thread.join(20)
    assert sorted(one.status_code for one in answers) == [200, 409]
