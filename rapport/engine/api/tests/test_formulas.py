"""Computed fields over the API: made, read, filtered and sorted by, and as hidden as what they are made of."""

import pytest

from rapport.engine.records.gate import Policy
from rapport.engine.records.tests.computed.conftest import follow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

ALL = dict.fromkeys(("read", "create", "change", "delete", "export"), "all")


@pytest.fixture
def admin(dana_api):
    return dana_api


def make(admin, record_type, formula, label="Own"):
    made = admin.post("/fields", {"record_type": record_type, "label": label, "type": "formula", "formula": formula})
    assert made.status_code == 201, made.data
    follow()
    return made.data


def test_a_formula_is_a_field_like_others_but_nobody_writes_it(admin):
    made = make(admin, "companies", "round(size/4,1)")
    assert (made["type"], made["formula"], made["index"]["state"]) == ("number", "round(size / 4, 1)", "building")
    assert admin.get(f"/fields/{made['id']}").data["index"]["state"] == "ready"
    acme = admin.new("/companies", name="Acme", size=10)
    assert acme["x_own"] == 2.5
    changed = admin.patch(f"/companies/{acme['id']}", {"size": 6})
    assert (changed.data["x_own"], changed.data["version"]) == (1.5, 2)
    refused = admin.patch(f"/companies/{acme['id']}", {"x_own": 3})
    assert refused.status_code == 422
    assert refused.data["errors"][0]["pointer"] == "/x_own"
    schemas = admin.get("/openapi.json").data["components"]["schemas"]
    assert "x_own" in schemas["companies"]["properties"]
    assert "x_own" not in schemas["companies.create"]["properties"]


def test_lists_are_filtered_and_sorted_by_it_page_by_page(admin):
    make(admin, "companies", "if(size > 0, size - size / 7 * 0)")
    names = {}
    for number in range(30):
        one = admin.new("/companies", name=f"C {number}", size=number % 6)
        names[one["id"]] = number % 6 or None
    assert admin.get("/companies", {"where": "x_own = 3", "count": "1"}).data["count"]["value"] == 5
    assert admin.get("/companies", {"where": "x_own is empty", "count": "1"}).data["count"]["value"] == 5
    assert admin.get("/companies", {"where": "x_own != 3", "count": "1"}).data["count"]["value"] == 25
    for order, reverse in (("x_own", False), ("-x_own", True)):
        seen, cursor = [], ""
        while cursor is not None:
            page = admin.get("/companies", {"order": order, "limit": "7", "cursor": cursor}).data
            seen += [(one["id"], one["x_own"]) for one in page["items"]]
            cursor = page["next"]
        filled = [(value, key) for key, value in seen if value is not None]
        assert filled == sorted(filled, reverse=reverse)
        assert [value for _key, value in seen[-5:]] == [None] * 5
        assert dict(seen) == names


@pytest.mark.parametrize(
    ("formula", "kind", "where"),
    [
        ('name + " & Co"', "text", 'x_own ~ "& co"'),
        ("revenue * 2", "money", "x_own = 20"),
        ("date(created_at) + 1w", "date", "x_own in next 8d"),
        ("created_at", "datetime", "x_own in last 1d"),
        ("size > 5", "bool", "x_own = true"),
        ("count(people) + 1", "number", "x_own in (1, 9)"),
    ],
)
def test_every_kind_of_value_is_shown_filtered_and_sorted(admin, formula, kind, where):
    made = make(admin, "companies", formula)
    assert made["type"] == kind
    one = admin.new("/companies", name="Acme", size=10, revenue="10 EUR")
    assert one["x_own"] not in (None, False)
    found = admin.get("/companies", {"where": where, **({"order": "x_own"} if kind != "bool" else {})})
    assert [item["x_own"] for item in found.data["items"]] == [one["x_own"]]


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("sise * 2", "sise is not a field of companies"),
        ("", "Write a formula."),
        (7, "not known"),
        ("x_own * 2", "x_own is not a field"),
    ],
)
def test_a_formula_that_cannot_be_is_told(admin, formula, says):
    raw = {"record_type": "companies", "label": "Own", "type": "formula", "formula": formula}
    refused = admin.post("/fields", raw)
    if formula == 7:
        assert refused.status_code == 201
        return
    assert refused.status_code == 422
    assert refused.data["errors"][0]["pointer"] == "/formula"
    assert says in refused.data["errors"][0]["detail"]


def test_a_circle_is_shown_and_what_others_use_stays(admin):
    first = make(admin, "companies", "size + 1", "First")
    make(admin, "people", "company.x_first * 2", "Second")
    make(admin, "companies", "sum(people.x_second)", "Third")
    refused = admin.patch(f"/fields/{first['id']}", {"formula": "x_third - 1"})
    assert refused.data["errors"][0]["detail"] == "This goes round in a circle: First → Third → Second → First."
    refused = admin.patch(f"/fields/{first['id']}", {"formula": "name"})
    assert "This gives “Text”, and the field is “Number”" in refused.data["errors"][0]["detail"]
    refused = admin.delete(f"/fields/{first['id']}")
    says = "“First” is in use: Second of people is worked out from it. Change or remove that first."
    assert refused.data["errors"][0]["detail"] == says
    assert [one["label"] for one in admin.get(f"/fields/{first['id']}").data["used_by"]]
    assert admin.patch(f"/fields/{first['id']}", {"formula": "size + 5"}).status_code == 200


def test_it_is_as_hidden_as_what_it_is_made_of(admin, role):
    make(admin, "companies", 'name + " " + vat_number', "Plain")
    make(admin, "people", "company.x_plain", "Far")
    make(admin, "companies", "size * 2", "Open")
    make(admin, "companies", "count(people)", "Staff")
    company = admin.new("/companies", name="Acme", size=4, vat_number="NO-4711")
    person = admin.new("/people", name="Ann", company=company["id"])
    follow()
    assert admin.get(f"/people/{person['id']}").data["x_far"] == "Acme NO-4711"
    blind = role({"companies": Policy(ALL, hidden=frozenset({"vat_number"})), "people": Policy(ALL)})
    seen = blind.get(f"/companies/{company['id']}").data
    assert (seen["x_open"], seen["x_staff"]) == (8, 1)
    for path in ("/companies", f"/companies/{company['id']}", "/people", f"/people/{person['id']}", "/fields"):
        answer = blind.get(path).content.decode()
        assert "4711" not in answer
        assert "x_plain" not in answer
        assert "x_far" not in answer
    assert blind.get("/companies", {"where": 'x_plain ~ "4711"'}).status_code == 400
    assert blind.get("/companies", {"order": "x_plain"}).status_code == 400


def test_values_of_an_older_formula_are_not_shown_to_whom_it_hid_them(admin, role):
    made = make(admin, "companies", 'name + " " + vat_number', "Plain")
    make(admin, "companies", 'x_plain + "!"', "Loud")
    company = admin.new("/companies", name="Acme", vat_number="NO-4711")
    follow()
    blind = role({"companies": Policy(ALL, hidden=frozenset({"vat_number"}))})
    assert admin.patch(f"/fields/{made['id']}", {"formula": "name"}).status_code == 200
    path = f"/companies/{company['id']}"
    assert "4711" not in blind.get(path).content.decode()
    assert admin.get(path).data["x_loud"] == "Acme NO-4711!"
    follow()
    assert blind.get(path).data["x_loud"] == "Acme!"


def test_who_may_not_read_the_records_does_not_read_what_is_made_of_them(admin, role):
    make(admin, "companies", "count(people)", "Staff")
    company = admin.new("/companies", name="Acme", size=4)
    nobody = dict.fromkeys(ALL, "none")
    assert (
        "x_staff"
        not in role({"companies": Policy(ALL), "people": Policy(nobody)}).get(f"/companies/{company['id']}").data
    )
