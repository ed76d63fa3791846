"""The main job on files that nobody here made; and the way out and in again."""

import csv

import pytest
from django.test import Client
from django.utils import timezone

from rapport.customers.models import Company, Person
from rapport.engine.events.act import open_act
from rapport.engine.events.models import JournalEntry
from rapport.engine.records.exports import export
from rapport.engine.records.imports import doors, problems
from rapport.engine.records.models import ImportPlan
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.imports.conftest import finished, undone

UTC = timezone.get_default_timezone()


def test_companies_with_their_subsidiaries(data, dana, checked):
    run = checked(
        dana, "companies", (data / "crm-sales-opportunities" / "accounts.csv").read_bytes(), name="accounts.csv"
    )
    for group in problems.groups(run, doors.compiled_of(run)):
        if group.code == "choice":
            rows = problems.mend_group(run, doors.compiled_of(run), group.key, "create")
        else:
            assert group.values == [{"text": "Philipines", "count": 1, "guess": "Philippines"}]
            rows = problems.map_values(run, doors.compiled_of(run), group.key, {"Philipines": "Philippines"})
        doors.check_rows(run, rows)
    finished(run)
    assert run.results["counts"]["created"] == run.rows == 85
    rows = csv.DictReader((data / "crm-sales-opportunities" / "accounts.csv").read_text().splitlines())
    told = {row["account"]: row["subsidiary_of"] for row in rows if row["subsidiary_of"]}
    assert dict(Company.objects.exclude(parent=None).values_list("name", "parent__name")) == told
    assert Company.objects.get(name="Bioholding").country == "PH"
    client = Client()
    client.force_login(dana)
    filtered = {"where": 'parent.name = "Acme Corporation"', "count": "exact"}
    assert client.get("/api/v1/companies", filtered).json()["count"]["value"] == list(told.values()).count(
        "Acme Corporation"
    )
    page = client.get(f"/companies/{Company.objects.get(name='Bluth Company').pk}/").content.decode()
    assert "Acme Corporation" in page
    undone(run)
    assert not Company.objects.filter(deleted_at=None).exists()


@pytest.mark.parametrize(("file", "slug"), [("contact_data.csv", "people"), ("company_data.csv", "companies")])
def test_the_files_of_another_system(data, dana, checked, file, slug):
    path = data / "connector-exports" / "hubspot" / file
    run = checked(dana, slug, path.read_bytes(), name=file)
    assert run.state == "checked"
    finished(run)
    assert run.state == "done", run.error


def test_cards_become_people(data, dana, imported):
    for path in sorted((data / "vcards").glob("*.vcf")):
        assert imported(dana, "people", path.read_bytes(), name=path.name).state == "done"
    assert Person.objects.filter(name="Simon Perreault", emails__0__kind="work").exists()


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_out_and_in_again_gives_the_same_records(dana, make, imported, format_):
    company = make(
        dana, "companies", name="Fjell & Fjord AS", domains="fjell.no; fjord.no", revenue="1200.50 NOK", size="12"
    )
    people = [
        {"name": "Amara Okafor", "emails": [{"email": "a@x.no", "kind": "work", "verified": True}, {"email": "b@x.no"}],
         "phones": [{"phone": "+4777601234", "kind": "mobile"}], "company": str(company.pk), "owner": "me",
         "addresses": [{"street": "Gata 1, 2", "city": "Oslo", "country": "NO", "kind": "work"}, {"city": "Bergen"}],
         "tags": ["vip", "=1+1"],
         "stage": "lead", "source": "=cmd()", "birthday": "1980-10-03", "do_not_contact": "yes"},
        {"name": "'Quote", "salutation": "Dr.", "source": "two\twords"},
    ]  # fmt: skip
    for one in people:
        make(dana, "people", **one)
    before = {slug: _plain(slug) for slug in ("companies", "people")}
    files = {slug: _exported(dana, slug, format_) for slug in before}
    assert JournalEntry.objects.filter(kind="records.exported").count() == 2
    for slug in ("people", "companies"):
        rows = list(record_type(slug).rows().filter(deleted_at=None))
        with open_act(dana.actor) as act:
            act.delete(rows)
    for slug in ("companies", "people"):
        run = imported(dana, slug, files[slug], name=f"{slug}.{format_}")
        assert run.results["counts"]["created"] == len(before[slug]), run.results
    assert {slug: _plain(slug) for slug in before} == before


def test_masked_fields_never_leave(charlie, make):
    make(charlie, "people", name="Mine", owner="me")
    assert b"Phone" not in _exported(charlie, "people", "csv")


def test_a_mapping_is_remembered(dana, imported, staged):
    text = "Wer,Post\nAmara,a@x.no\n"
    run = staged(dana, "people", text)
    columns = [{**run.columns[0], "to": "name"}, {**run.columns[1], "to": "emails:home"}]
    doors.map_columns(run, columns, {})
    doors.start_check(run)
    finished(run)
    again = staged(dana, "people", text.replace("Amara", "Other"))
    assert [(one["to"], one["sure"]) for one in again.columns] == [
        ("name", "remembered"),
        ("emails:home", "remembered"),
    ]


def test_the_later_of_two_rows_about_one_person_stays(dana, checked):
    run = checked(dana, "people", "Name,E-Mail\nFirst,a@x.no\nSecond,A@x.no\n")
    assert dict(ImportPlan.objects.values_list("n", "state")) == {1: "b", 2: "n"}
    finished(run)
    assert [one.name for one in Person.objects.all()] == ["Second"]


def _exported(user, slug, format_):
    made = export(user.actor, record_type(slug), where="", order="", format_=format_, now=timezone.now(), zone=UTC)
    return b"".join(made.pieces)


def _plain(slug):
    rtype = record_type(slug)
    titles = dict(Company.objects.values_list("pk", "name"))
    found = []
    for row in rtype.rows().filter(deleted_at=None):
        values = {field.slug: field.get(row) for field in rtype.all_fields()}
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = [
                    {k: v for k, v in one.items() if k != "id" and v} if isinstance(one, dict) else one for one in value
                ]
            values[name] = titles.get(value, value) if name in ("company", "parent") else values[name]
        found.append(values)
    return sorted(found, key=lambda one: one["name"])
