"""One record: create, show, change, delete, restore."""

from uuid import uuid4

import pytest

from rapport.engine.records.gate import Policy


def test_create_answers_with_the_record_and_its_address(api):
    response = api.post("/people", {"name": "Ada Nansen", "emails": ["ada@fjord.no"], "stage": "customer"})
    assert response.status_code == 201
    item = response.data
    assert response["Location"] == f"/api/v1/people/{item['id']}"
    assert response["ETag"].startswith('"1-')
    assert response["Rapport-Batch"]
    assert (item["name"], item["first_name"], item["last_name"]) == ("Ada Nansen", "Ada", "Nansen")
    assert item["version"] == 1
    assert item["created_at"].endswith("Z")
    assert [(one["email"], one["primary"]) for one in item["emails"]] == [("ada@fjord.no", True)]
    assert api.get(f"/people/{item['id']}").data == item


def test_all_fields_are_answered_or_those_asked_for(api):
    person = api.new(name="Ada Nansen", emails=["ada@fjord.no"])
    whole = api.get(f"/people/{person['id']}").data
    assert {"emails", "phones", "company", "tags", "do_not_contact", "birthday"} <= set(whole)
    some = api.get(f"/people/{person['id']}", {"fields": "name,emails"}).data
    assert set(some) == {"id", "version", "created_at", "changed_at", "name", "emails"}


def test_relations_and_users_are_answered_by_name_and_taken_by_id_object_name_or_me(api, bob):
    acme = api.new("/companies", name="Acme Oslo")
    for given in (acme["id"], {"id": acme["id"]}, {"id": acme["id"], "name": "whatever"}, "acme oslo"):
        person = api.new(name="Ada Nansen", company=given, owner="me")
        assert person["company"] == {"id": acme["id"], "name": "Acme Oslo"}
        assert person["owner"] == {"id": str(bob.pk), "name": "Bob"}
    assert api.patch(f"/people/{person['id']}", {"company": None, "owner": {"id": None}}).data["company"] is None
    assert api.new(name="B", owner="bob@northwind.example")["owner"]["name"] == "Bob"


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"name": "A", "emails": ["not an address"]}, "/emails"),
        ({"name": "A", "company": str(uuid4())}, "/company"),
        ({"name": "A", "owner": str(uuid4())}, "/owner"),
        ({"name": "A", "birthday": "yesterday"}, "/birthday"),
        ({"name": "A", "stage": "nonsense"}, "/stage"),
        ({"name": "A", "city": "Oslo"}, "/city"),
        ({"name": "A", "version": 3}, "/version"),
        ({"name": "A", "emails": [{"email": "a@fjord.no", "colour": "red"}]}, "/emails"),
        ({}, "/name"),
    ],
)
def test_values_that_cannot_be_kept_are_422_with_their_place(api, values, pointer):
    response = api.post("/people", values)
    assert response.status_code == 422
    assert response.data["type"] == "urn:rapport:problem:invalid"
    assert [one["pointer"] for one in response.data["errors"]] == [pointer]
    assert api.get("/people").data["items"] == []


def test_an_unknown_field_is_400_and_names_the_nearest(api):
    response = api.post("/people", {"name": "A", "e-mails/x": [], "birthdate": "2000-01-01"})
    assert response.status_code == 400
    errors = {one["pointer"]: one for one in response.data["errors"]}
    assert set(errors) == {"/e-mails~1x", "/birthdate"}
    assert errors["/birthdate"]["suggestion"] == "birthday"


def test_change_touches_only_what_was_sent(api):
    person = api.new(name="Ada Nansen", source="fair", tags=["a"])
    response = api.patch(f"/people/{person['id']}", {"source": "web"})
    assert response.status_code == 200
    assert response.data["version"] == 2
    assert (response.data["source"], response.data["name"], response.data["tags"]) == ("web", "Ada Nansen", ["a"])
    assert response["ETag"].startswith('"2-')


def test_a_change_that_changes_nothing_raises_no_version(api):
    person = api.new(name="Ada Nansen", emails=["ada@fjord.no"], phones=["+47 77 60 12 34"])
    again = {"name": "Ada Nansen", "emails": ["ada@fjord.no"], "phones": ["+4777601234"]}
    assert api.patch(f"/people/{person['id']}", again).data == person


class TestEmails:
    """`emails` in a change replaces the list; entries are the same by id, or by address."""

    @pytest.fixture
    def person(self, api):
        return api.new(
            name="Ada Nansen",
            emails=[
                {"email": "ada@fjord.no", "kind": "work", "verified": True},
                {"email": "ada@home.no", "kind": "home"},
            ],
        )

    def test_an_address_that_stays_keeps_its_id_and_kind(self, api, person):
        work, home = person["emails"]
        changed = api.patch(f"/people/{person['id']}", {"emails": ["ada@home.no", "new@fjord.no"]}).data["emails"]
        assert changed[0] == {**home, "primary": True}
        assert changed[1]["email"] == "new@fjord.no"
        assert changed[1]["id"] not in {work["id"], home["id"]}

    def test_an_entry_by_id_may_change_its_address_and_is_then_not_verified(self, api, person):
        work, _home = person["emails"]
        sent = [{"id": work["id"], "email": "ada@new.no"}]
        assert api.patch(f"/people/{person['id']}", {"emails": sent}).data["emails"] == [
            {"id": work["id"], "email": "ada@new.no", "kind": "work", "primary": True}
        ]

    def test_two_entries_never_share_an_id(self, api, person):
        work, _home = person["emails"]
        sent = [{"id": work["id"], "email": "ada@new.no"}, {"email": "ada@fjord.no"}]
        changed = api.patch(f"/people/{person['id']}", {"emails": sent}).data["emails"]
        assert len({one["id"] for one in changed}) == 2

    def test_an_empty_list_empties(self, api, person):
        assert api.patch(f"/people/{person['id']}", {"emails": []}).data["emails"] == []


def test_delete_and_restore(api):
    person = api.new(name="Ada Nansen")
    gone = api.delete(f"/people/{person['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert gone["Rapport-Batch"]
    assert api.get(f"/people/{person['id']}").status_code == 404
    assert api.patch(f"/people/{person['id']}", {"name": "B"}).status_code == 404
    assert api.delete(f"/people/{person['id']}").status_code == 404
    back = api.post(f"/people/{person['id']}/restore")
    assert back.status_code == 200
    assert back.data["name"] == "Ada Nansen"
    assert api.post(f"/people/{person['id']}/restore").data == back.data
    assert api.post(f"/people/{uuid4()}/restore").status_code == 404


def test_a_verb_that_a_role_does_not_have_is_403(role, api):
    person = api.new(name="Ada Nansen")
    reader = role({"people": Policy({"read": "all"})})
    assert reader.get(f"/people/{person['id']}").status_code == 200
    for refused in (
        reader.post("/people", {"name": "B"}),
        reader.patch(f"/people/{person['id']}", {"name": "B"}),
        reader.delete(f"/people/{person['id']}"),
        reader.post("/people/batch", {"mode": "create", "items": [{"name": "B"}]}),
    ):
        assert refused.status_code == 403
        assert refused.data["type"] == "urn:rapport:problem:not-allowed"


def test_who_may_not_see_what_they_wrote_gets_its_id(role, api):
    own = role({"people": Policy({"read": "own", "create": "all", "change": "all", "delete": "own"})})
    created = own.post("/people", {"name": "Ada Nansen"})
    assert created.status_code == 201
    assert set(created.data) == {"id"}
    foreign = api.new(name="B")
    assert own.patch(f"/people/{foreign['id']}", {"name": "C"}).status_code == 404
    mine = own.new(name="Mine", owner="me")
    assert own.delete(f"/people/{mine['id']}").status_code == 204


class TestClashes:
    """Somebody with the same address is there: open, restore, or create anyway."""

    def test_a_twin_is_409_until_it_is_meant(self, api):
        twin = api.new(name="Ada Nansen", emails=["ada@fjord.no"])
        response = api.post("/people", {"name": "A. Nansen", "emails": ["ADA@fjord.no"]})
        assert response.status_code == 409
        assert response.data["type"] == "urn:rapport:problem:clash"
        [clash] = response.data["clashes"]
        assert (clash["id"], clash["name"], clash["deleted"]) == (twin["id"], "Ada Nansen", False)
        assert clash["url"] == f"/api/v1/people/{twin['id']}"
        assert api.post("/people?on_clash=create", {"name": "A", "emails": ["ada@fjord.no"]}).status_code == 201

    def test_a_deleted_twin_offers_to_be_restored(self, api):
        twin = api.new(name="Ada Nansen", emails=["ada@fjord.no"])
        api.delete(f"/people/{twin['id']}")
        [clash] = api.post("/people", {"name": "Ada", "emails": ["ada@fjord.no"]}).data["clashes"]
        assert clash["deleted"]
        restored = api.post(clash["restore_url"].removeprefix("/api/v1"))
        assert restored.data["emails"] == twin["emails"]

    def test_a_twin_that_is_not_to_be_seen_is_not_told(self, role, api):
        api.new(name="Ada Nansen", emails=["ada@fjord.no"])
        own = role({"people": Policy({"read": "own", "create": "all"})})
        assert own.post("/people", {"name": "Ada", "emails": ["ada@fjord.no"]}).status_code == 201

    def test_another_word_than_create_is_refused(self, api):
        assert api.post("/people?on_clash=merge", {"name": "A"}).status_code == 400


def test_memberships_are_records_too(api):
    person, company = api.new(name="Ada Nansen"), api.new("/companies", name="Acme")
    made = api.new("/memberships", person=person["id"], company=company["id"], title="Captain", since="2020-01-01")
    assert made["person"] == {"id": person["id"], "name": "Ada Nansen"}
    wrong = api.patch(f"/memberships/{made['id']}", {"until": "2019-01-01"})
    assert wrong.status_code == 422


UNEVEN = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(1000))


@pytest.mark.parametrize(
    ("path", "values", "status"),
    [
        ("/people", {"name": UNEVEN}, 201),
        ("/people", {"name": "ﷺ" * 1000}, 201),
        ("/people", {"first_name": UNEVEN[:900], "last_name": UNEVEN[:900]}, 422),
        ("/people", {"name": "A", "addresses": [{"city": UNEVEN[:300]}]}, 201),
        ("/people", {"name": "A", "addresses": [{"city": UNEVEN[:301]}]}, 422),
        ("/people", {"name": "A", "emails": [{"email": "a@fjord.no", "kind": "\0"}]}, 422),
        ("/people", {"name": "A", "tags": ["\0"]}, 422),
        ("/people", {"name": "A", "birthday": "0001-01-01"}, 201),
        ("/companies", {"name": UNEVEN}, 201),
        ("/companies", {"name": "A", "revenue": "1e17"}, 422),
        ("/companies", {"name": "A", "revenue": {"amount": "99999999999999999.99"}}, 201),
        ("/companies", {"name": "A", "revenue": {"amount": 1, "currency": 5}}, 422),
        ("/companies", {"name": "A", "domains": ["a\0.no"]}, 422),
    ],
)
def test_values_at_the_edge_are_kept_whole_or_refused(api, path, values, status):
    response = api.post(path, values)
    assert response.status_code == status, response.content
    if status == 201 and "name" in values:
        assert api.get(f"{path}/{response.data['id']}").data["name"] == values["name"]
