"""Whatever is sent, the answer is never a fault of ours."""

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.customers.record_types import CompanyType, PersonType
from rapport.engine.api.tests.conftest import Api, make_token
from rapport.engine.records.registry import record_type

FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
NASTY = [
    "", " ", "\0", "a\0b", "\u202e", "𝔘𝔫𝔦", "ﷺ" * 300, "é" * 1001, "😀" * 900, "'; DROP TABLE person; --", "null",
    "-1e999", "1e19", "9" * 60, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0000-00-00", "me", "%s",
    "12345678901234567890.123456789012", "@", "a@b", "a@b.c", "x" * 300 + ".com", "//", "http://[", "+47", "\ufffe",
    "x;" * 60, "{}",    "00000000-0000-0000-0000-000000000000", "EUR", "1 EUR", "99999999999999999999 EUR", "0.5e-30",
]  # fmt: skip
text = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
number = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**70), 2**70)
scalar = st.none() | st.booleans() | number | text
KEYS = ["id", "email", "phone", "url", "domain", "kind", "primary", "verified", "street", "city", "country", "postcode"]
KEYS += ["amount", "currency", "name", "source"]
tree = st.recursive(
    scalar,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | text, inner, max_size=4),
    max_leaves=12,
)


def slugs(rtype):
    return st.sampled_from([field.slug for field in rtype.fields])


bodies = {
    slug: st.dictionaries(slugs(rtype) | st.sampled_from(["id", "version", "x_nothing"]) | text, tree, max_size=5)
    for slug, rtype in {"people": PersonType, "companies": CompanyType}.items()
}


def encoded(value):
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS) if _fits(value) else str(value)


def _fits(value):
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return True


@pytest.fixture
def patient(api, settings):
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    return api


@pytest.mark.parametrize("slug", ["people", "companies"])
def test_records(patient, slug):
    known = patient.new(f"/{slug}", name="Known")

    @FEW
    @given(body=bodies[slug])
    def hold(body):
        sent = encoded(body)
        for response in (
            patient.send("POST", f"/{slug}?on_clash=create", sent),
            patient.send("PATCH", f"/{slug}/{known['id']}", sent),
        ):
            assert response.status_code < 500
            assert response.data is not None
        assert patient.get(f"/{slug}").status_code == 200

    hold()


def test_children(patient):
    person, company = patient.new(name="Ada"), patient.new("/companies", name="Acme")
    fields = slugs(record_type("memberships"))

    @FEW
    @given(st.dictionaries(fields, tree | st.sampled_from([person["id"], company["id"]]), max_size=6))
    def hold(body):
        usual = {"person": person["id"], "company": company["id"]}
        assert patient.send("POST", "/memberships", encoded(usual | body)).status_code < 500
        assert patient.send("POST", "/memberships", encoded(body)).status_code < 500

    hold()


def test_notes(patient):
    person = patient.new(name="Ada")
    values = tree | st.sampled_from([person["id"], "people", "notes", "memberships"])

    @FEW
    @given(st.dictionaries(st.sampled_from(["text", "about_type", "about_id"]), values, max_size=3))
    def hold(body):
        assert patient.send("POST", "/notes", encoded(body)).status_code < 500

    hold()


def test_batches(patient):
    @FEW
    @given(
        st.fixed_dictionaries(
            {"items": st.lists(bodies["people"] | tree, max_size=4)},
            optional={
                "mode": st.sampled_from(["create", "update", "upsert"]) | tree,
                "match_on": st.sampled_from(["id", "email", "phone", "external_id", "name", "birthday"]) | tree,
            },
        )
    )
    def hold(body):
        assert patient.send("POST", "/people/batch?on_clash=create", encoded(body)).status_code < 500

    hold()


def test_anything_at_all(patient):
    @FEW
    @given(tree | st.binary(max_size=60))
    def hold(body):
        sent = body if isinstance(body, bytes) else encoded(body)
        for method, path in (
            ("POST", "/people"),
            ("POST", "/people/batch"),
            ("PATCH", "/people/x"),
            ("DELETE", "/people/x"),
        ):
            assert patient.send(method, path, sent).status_code < 500

    hold()


def test_addresses(patient):
    filters = st.sampled_from(["name ~ ", "birthday > ", "owner = ", "company.size in (", "created_at in last ", ""])

    @FEW
    @given(
        st.dictionaries(st.sampled_from(["where", "order", "fields", "limit", "cursor", "count"]), text, max_size=4),
        filters,
        text,
    )
    def hold(query, start, end):
        assert patient.get("/people", query).status_code < 500
        assert patient.get("/people", {**query, "where": start + end}).status_code < 500
        assert patient.get("/people", {"where": f'{start}"{end}"'}).status_code < 500

    hold()


def test_headers(bob, settings):
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    program = Api(make_token(bob))
    person = program.new(name="Ada")
    names = st.sampled_from(
        ["If-Match", "If-None-Match", "Idempotency-Key", "Rapport-Batch", "Authorization", "Accept"]
    )
    values = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30) | st.sampled_from(
        ['"1"', "*", '""']
    )

    @FEW
    @given(st.dictionaries(names, values, max_size=3))
    def hold(headers):
        for response in (
            program.get(f"/people/{person['id']}", **headers),
            program.patch(f"/people/{person['id']}", {"source": "x"}, **headers),
        ):
            assert response.status_code < 500

    hold()
