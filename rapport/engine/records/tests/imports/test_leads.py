"""9,240 leads of a company that teaches: all of them in, looked at, out, and into an empty place again."""

import csv
import gzip
import io
from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from rapport.customers.models import Person
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records.definitions import check_again, forget
from rapport.engine.records.exports import export
from rapport.engine.records.folding import fold
from rapport.engine.records.imports import doors
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.imports.conftest import finished

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LEADS, COLUMNS = 9_240, 37


@pytest.fixture
def leads(data):
    return gzip.decompress((data / "x-education-leads" / "Leads.csv.gz").read_bytes())


def test_every_lead_comes_in_is_found_goes_out_and_comes_back(dana, leads, staged):
    rows = list(csv.DictReader(io.StringIO(leads.decode("utf-8-sig"))))
    before = transaction.savepoint()
    run = staged(dana, "people", leads, name="Leads.csv")
    own = [one | {"to": "new", "new": {}} for one in run.columns[:COLUMNS]]
    told = bring_in(run, [own[0], own[1] | {"to": "name"}, *own[2:], *run.columns[COLUMNS:]])
    every_cell_is_kept(rows, told)
    look_around(dana, rows, told)
    file, kept = taken_out(dana), everything()
    transaction.savepoint_rollback(before)
    forget()
    assert not Person.objects.exists()
    again = staged(dana, "people", file, name="people.csv")
    bring_in(again, again.columns)
    assert everything() == kept


def bring_in(run, columns):
    """Map, check and run an import. Returns which column became which field."""
    doors.map_columns(run, columns, {})
    doors.start_check(run)
    run_waiting_jobs()
    run.refresh_from_db()
    assert run.state == "checked", run.error
    finished(run)
    assert (run.state, run.results["counts"]["created"]) == ("done", LEADS), run.error
    check_again()
    return {one["header"]: one["to"] for one in run.columns if one["to"]}


def every_cell_is_kept(rows, told):
    """Each column is a field that has as many of each value as the file."""
    assert (len(rows), len(told)) == (LEADS, COLUMNS)
    rtype = record_type("people")
    people, known = list(rtype.rows().filter(deleted_at=None)), {}
    for header, slug in told.items():
        field = rtype.field(slug)
        kept = Counter(said(field, row, known) for row in people)
        assert gathered(kept) == gathered(Counter(row[header] for row in rows)), header


def gathered(counts):
    """Counts of values, however they are written."""
    found = Counter()
    for text, count in counts.items():
        found[alike(text)] += count
    return found


def said(field, row, known):
    """What a person reads in a field of a row; `known` remembers it, for few values come thousands of times."""
    raw = row.custom.get(field.slug) if field.custom else field.get(row)
    key = (field.slug, repr(raw))
    if key not in known:
        known[key] = field.type.to_text(field.get(row), field)
    return known[key]


def alike(text):
    """A value however it is written: numbers without needless zeros, words without case, a yes as one."""
    text = {"yes": "1", "no": "0"}.get(text.lower(), text)
    try:
        return str(float(text))
    except ValueError:
        return fold(text)


def look_around(user, rows, told):
    call_command("reindex", stdout=StringIO())
    client = Client()
    client.force_login(user)
    assert "9,240" in client.get("/people/").content.decode()
    for header, value in (("Lead Source", "Olark Chat"), ("Lead Quality", "Might be"), ("City", "Mumbai")):
        asked = {"where": f'{told[header]} = "{value}"', "count": "exact"}
        found = client.get("/api/v1/people", asked).json()
        assert found["count"]["value"] == sum(row[header] == value for row in rows), header
        page = client.get("/people/", asked | {"columns": f"name,{told[header]}"})
        assert page.status_code == 200
        assert value in page.content.decode()
    visits = client.get("/api/v1/people", {"where": f"{told['TotalVisits']} > 20", "count": "exact"}).json()
    assert visits["count"]["value"] == sum(float(row["TotalVisits"] or 0) > 20 for row in rows)
    for row in rows[:: LEADS // 8]:
        found = client.get("/api/v1/search", {"q": row["Lead Number"]}).json()["items"]
        assert found[0]["title"] == row["Lead Number"]
        page = client.get(f"/people/{found[0]['id']}/").content.decode()
        assert row["Prospect ID"] in page


def taken_out(user):
    zone = timezone.get_default_timezone()
    made = export(user.actor, record_type("people"), where="", order="", format_="csv", now=timezone.now(), zone=zone)
    return b"".join(made.pieces)


def everything():
    """What is kept of each person, by the labels of the fields."""
    rtype = record_type("people")
    fields = [field for field in rtype.all_fields() if not field.through]
    people = rtype.rows().filter(deleted_at=None)
    labels, known = [str(field.label) for field in fields], {}
    found = [dict(zip(labels, [said(field, row, known) for field in fields], strict=True)) for row in people]
    return sorted(found, key=lambda one: one["Name"])
