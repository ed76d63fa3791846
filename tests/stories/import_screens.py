"""Imports at every step, as addresses: files of a believable house, some of them with faults."""

from typing import Any

from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records.imports import doors
from rapport.engine.records.imports.jobs import fail
from rapport.engine.records.models import ImportRun
from tests.stories.screens import Screen

State = ImportRun.State
NAMES = ("Amara Okafor", "Benedikt Huber", "Chiara Bellini", "Dag Solberg", "Elif Yılmaz", "Farid Haddad")
COMPANIES = ("Fjell & Fjord AS", "Huber Alpin GmbH", "Bellini Sport S.r.l.")
HEADER = "Full name;E-Mail;Mobil;Firma;Land;Kd. seit;Ladenfläche m²;Spalte9"

PASTED = "Name\tE-Mail\nNadia Berg\tnadia@berg.example\nOle Dahl\tole@dahl.example"


def kunden(rows: int = 40) -> str:
    """A house's own list: decimal commas, days first; some countries nobody knows, two bad addresses, two doubles."""
    lines = [HEADER]
    for n in range(rows):
        name = NAMES[n % len(NAMES)]
        email = (
            f"{name.split()[0].lower()}.{n}@fjellfjord.example" if n % 17 != 11 else f"{name.split()[0].lower()}@fjord"
        )
        email = "amara.0@fjellfjord.example" if n == 30 else email
        country = "Deutschl." if n % 9 == 4 else "Atlantis" if n % 13 == 7 else "NO" if n % 2 else "Deutschland"
        lines.append(
            f"{name} {n};{email};+47 77 60 12 {n + 10};{COMPANIES[n % 3]};{country};{n % 27 + 1}.3.2021;{n},5;"
        )
    return "\n".join(lines)


def imports(dana: Any, *, send: Any) -> list[Screen]:
    """A screen for each step. `send(user, slug, text, name=…)` begins an import and stages its file."""
    staged = send(dana, "people", kunden(), name="kunden-2026.csv")
    done = send(dana, "people", kunden(6), name="messe.csv")
    doors.start_check(done)
    doors.start_run(done)
    run_waiting_jobs()
    checked = checked_run(dana, send, kunden(), "kunden-2027.csv")
    good = checked_run(dana, send, kunden(6).replace(";NO;", ";Norge;").replace("+47 77", "+47 22"), "messe-2.csv")
    running, paused = (checked_run(dana, send, kunden(9), f"{word}.csv") for word in ("running", "paused"))
    ImportRun.objects.filter(pk=running.pk).update(state=State.RUNNING, done=4, started_at=running.created_at)
    ImportRun.objects.filter(pk=paused.pk).update(state=State.PAUSED, done=4, started_at=paused.created_at)
    refused = checked_run(dana, send, kunden(30), "refused.csv")
    undone = checked_run(dana, send, kunden(2).replace("@fjell", "@other"), "undone.csv")
    for run in (refused, undone):
        doors.start_run(run)
    run_waiting_jobs()
    undone.refresh_from_db()
    doors.start_undo(undone)
    run_waiting_jobs()
    failed = send(dana, "people", kunden(3), name="failed.csv")
    fail(failed, "Line 3 cannot be read: a quote may be missing.")
    return [
        Screen("send a file", "/people/import"),
        Screen("paste rows", "/people/paste"),
        Screen("paste rows, refused", "/people/paste", fills={"#text": " "}, press="form .main"),
        Screen("paste rows, ready", "/people/paste", fills={"#text": PASTED}, press="form .main"),
        Screen("the file", f"/imports/{staged.pk}/file"),
        Screen("the file, unreadable", f"/imports/{failed.pk}/file"),
        Screen("columns", f"/imports/{staged.pk}/columns"),
        Screen("problems", f"/imports/{checked.pk}/check"),
        Screen("no problems", f"/imports/{good.pk}/check"),
        Screen("cells", f"/imports/{checked.pk}/rows"),
        Screen("cells of a kind", f"/imports/{checked.pk}/rows?group=1:email"),
        Screen("preview", f"/imports/{good.pk}/preview"),
        Screen("rows that look like records here", f"/imports/{good.pk}/alike"),
        Screen("running", f"/imports/{running.pk}/run"),
        Screen("paused", f"/imports/{paused.pk}/run"),
        Screen("result", f"/imports/{refused.pk}/result"),
        Screen("result, undone", f"/imports/{undone.pk}/result"),
        Screen("imports", "/imports/"),
    ]


def checked_run(dana: Any, send: Any, text: str, name: str) -> ImportRun:
    run: ImportRun = send(dana, "people", text, name=name)
    doors.start_check(run)
    return run
