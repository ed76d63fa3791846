"""The big list of naughty strings as names of people: through every door, without a fault, and none of them runs."""

import csv
import io
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from rapport.customers.models import Person
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records.models import ImportRun

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STRINGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "reference" / "blns.json"
ELEMENT = re.compile(r"<[a-z/!]", re.I)
FORMATS = ("csv", "xlsx", "vcf")


@pytest.fixture
def names():
    if not STRINGS.is_file():
        pytest.skip(f"The real files are not here: {STRINGS}")
    return [one for one in json.loads(STRINGS.read_text()) if one.strip()]


@pytest.fixture
def client(dana):
    signed_in = Client()
    signed_in.force_login(dana)
    return signed_in


def test_naughty_names_do_no_harm(names, client, dana, visit, live_server_url):
    through_the_wizard(client, names)
    call_command("reindex", stdout=StringIO())
    people = list(Person.objects.order_by("pk"))
    assert len(people) > 0.97 * len(names)
    through_records_and_search(client, people)
    through_the_api(client, people)
    through_exports(client, people)
    nothing_runs(visit(dana), people)


def through_the_wizard(client, names):
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["Name", "Source"], *([name, name] for name in names)])
    file = SimpleUploadedFile("blns.csv", text.getvalue().encode("utf-8", "surrogatepass"))
    sound(client.post("/people/import", {"file": file}))
    home = f"/imports/{ImportRun.objects.get().pk}/"
    for step in ("file", "columns"):
        sound(client.get(home + step))
    sound(client.post(home + "columns", {"to.0": "name", "to.1": "source", "match": "", "mode": "create"}))
    for step in ("check", "rows", "preview"):
        sound(client.get(home + step))
    sound(client.post(home + "preview", {"run": "1"}))
    run_waiting_jobs()
    assert ImportRun.objects.get().state == "done", ImportRun.objects.get().error
    sound(client.get(home + "result"))
    assert client.get(home + "refused.csv").status_code == 200


def sound(answer):
    """A page, or the way to the next one."""
    assert answer.status_code in (200, 302), answer.content[:2000]
    return answer


def through_records_and_search(client, people):
    for one in people[::3]:
        page = sound(client.get(f"/people/{one.pk}/")).content.decode()
        found = sound(client.get("/search", {"q": one.name})).content.decode()
        if ELEMENT.search(one.name):
            assert one.name not in page, one.name
            assert one.name not in found, one.name


def through_the_api(client, people):
    told: dict[str, tuple[str, str]] = {}
    cursor: str | None = ""
    while cursor is not None:
        answer = sound(client.get("/api/v1/people", {"limit": 200, "fields": "name,source", "cursor": cursor})).json()
        told |= {one["id"]: (one["name"], one["source"]) for one in answer["items"]}
        cursor = answer["next"]
    assert told == {str(one.pk): (one.name, one.source) for one in people}
    for one in people[::10]:
        sound(client.get("/api/v1/search", {"q": one.name}))
        quoted = one.name.replace("\\", "\\\\").replace('"', '\\"')
        answer = client.get("/api/v1/people", {"where": f'name = "{quoted}"'})
        assert answer.status_code in (200, 400), (one.name, answer.content)


def through_exports(client, people):
    for form in FORMATS:
        whole = b"".join(sound(client.get(f"/people/export.{form}")).streaming_content)
        if form == "csv":
            rows = list(csv.DictReader(io.StringIO(whole.decode("utf-8-sig"), newline="")))
            assert {row["Rapport ID"] for row in rows} == {str(one.pk) for one in people}
            assert not any(row["Name"].startswith(("=", "+", "@")) for row in rows)


def nothing_runs(tab, people):
    """In a browser no dialog opens, no script fails, and the content security policy has nothing to refuse."""
    opened = []

    def refuse(dialog):
        opened.append(dialog.message)
        dialog.dismiss()

    tab.on("dialog", refuse)
    page: str | None = "/people/?columns=name,source"
    while page:
        tab.goto(page)
        assert tab.locator("td :is(script, img, iframe, object)").count() == 0
        after = tab.locator("a[rel=next]")
        page = after.get_attribute("href") if after.count() else None
    scripts = [one for one in people if ELEMENT.search(one.name)]
    for one in scripts[::8]:
        tab.goto(f"/people/{one.pk}/")
        assert tab.locator("h1").inner_text().strip()
    tab.goto("/search?q=script")
    assert opened == []
