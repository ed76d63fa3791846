"""Figures that are not requests: memory at rest, the weight of a first visit, the journal, export."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from bench.processes import memory, postmaster, running
from bench.sample import Sample
from rapport.engine.runtime.children import command
from rapport.engine.runtime.home import Home

REST = 20.0
ENOUGH = 5_000
PATIENCE = 1800.0


def idle_memory(home: Home) -> dict[str, str]:
    """Everything `bin/up` keeps running, at rest; before that, how fast the worker follows what was written."""
    with running(["up", "--empty"]) as (process, _port):
        followed = follow()
        time.sleep(REST)
        server = postmaster(home)
        database = [server, *server.children()]
        supervisor = psutil.Process(process.pid)
        python = [one for one in [supervisor, *supervisor.children(recursive=True)] if one not in database]
        ours, theirs = memory(python), memory(database)
    return followed | {
        "idle memory, everything (PSS)": f"{ours + theirs:,.0f} MiB",
        "… supervisor, web, worker": f"{ours:,.0f} MiB",
        "… PostgreSQL": f"{theirs:,.0f} MiB",
    }


def follow() -> dict[str, str]:
    """Wait until the worker has followed the journal to its end. Its rate, if there was enough to follow."""
    from django.db import connection, connections

    from rapport.engine.events.reactions.cursors import reactions_with_news

    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT max(id) FROM journal) - min(entry_id) FROM reaction_cursor")
        row = cursor.fetchone()
    behind, began = row[0] if row else 0, time.monotonic()
    while reactions_with_news() and time.monotonic() - began < PATIENCE:
        time.sleep(0.5)
    seconds = time.monotonic() - began
    connections.close_all()
    if behind < ENOUGH:
        return {}
    return {"reactions: the worker fills search from the journal": f"{behind / seconds:,.0f} entries a second"}


def page_weight(port: int, sample: Sample) -> dict[str, str]:
    """Bytes on the wire when a browser with an empty cache opens the list. {} without Chromium."""
    from playwright.sync_api import sync_playwright

    from rapport.engine.runtime.bootstrap import CHROMIUM

    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        return {}
    sizes: list[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies([{"name": "session", "value": sample.session, "url": f"http://127.0.0.1:{port}"}])
        tab = context.new_page()
        watcher = context.new_cdp_session(tab)
        watcher.send("Network.enable")
        watcher.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        tab.goto(f"http://127.0.0.1:{port}/people/", wait_until="load")
        tab.wait_for_timeout(1500)
        browser.close()
    return {"page weight, first visit of the list": f"{sum(sizes) / 1000:,.0f} kB in {len(sizes)} requests"}


def journal() -> dict[str, str]:
    """How fast the seal is made and verified."""
    told(["journal", "seal"])
    answer = told(["journal", "verify"])
    found = re.search(r"([\d,]+) sealed entries verified, ([\d,]+) a second", answer)
    return {"journal verify": f"{found[2]} entries a second ({found[1]} sealed)"} if found else {}


def export() -> dict[str, str]:
    """People of one country, out again."""
    with TemporaryDirectory(prefix="rapport-bench-") as name:
        place = Path(name) / "out.csv"
        began = time.monotonic()
        told(["export", "people", str(place), "--where", "country = DE"])
        seconds = time.monotonic() - began
        rows = place.read_bytes().count(b"\n") - 1
    return {"export to CSV, whole command": f"{rows / seconds:,.0f} rows a second ({rows:,} rows)"}


def told(arguments: list[str]) -> str:
    """What a command says on standard output; its complaints pass through."""
    done = subprocess.run(command(arguments), check=False, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    if done.returncode:
        print(f"rapport {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout[-1000:]}", file=sys.stderr)
    return done.stdout
