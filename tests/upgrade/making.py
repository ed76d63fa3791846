"""Writes down a version that lands: fills a home with its code, backs it up, and appends it to landed.json.

    .venv/bin/python -P tests/upgrade/making.py 2026-11-22 [CHECKOUT]

With another checkout, made ready by its `bin/up`, it is that version's home. Everything goes through the doors of the
product.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.upgrade.landed import ROOT, Landed, migrations_of, note

PORT = 8471
PATIENCE = 120.0
ADMIN = "admin@northwind.example"
FIELD = {"record_type": "people", "label": "Boot size", "type": "number", "often_searched": True}
CSV = "Name,Email,Boot size\nIda Berg,ida@berg.example,38\nÅse Ødegård,ase@odegard.example,41\n"


class Maker:
    """A running home of the version, and a token to talk to it."""

    def __init__(self, home: Path, checkout: Path) -> None:
        self.environment = {**os.environ, "RAPPORT_HOME": str(home), "PYTHONPATH": str(checkout)}
        self.token = ""

    @contextmanager
    def running(self) -> Iterator[None]:
        command = [sys.executable, "-P", "-m", "rapport", "up", "--empty", "--port", str(PORT)]
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)
        try:
            assert any("Ctrl-C" in line for line in process.stdout or ()), "it did not start"
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)

    def command(self, *arguments: str, typed: str = "") -> str:
        line = [sys.executable, "-P", "-m", "rapport", *arguments]
        return subprocess.run(
            line, env=self.environment, input=typed, stdout=subprocess.PIPE, text=True, check=True
        ).stdout.strip()

    def api(self, method: str, path: str, data: object = None, **headers: str) -> tuple[Any, str]:
        """The answer, and the batch that it names."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{PORT}/api/v1{path}",
            method=method,
            data=None if data is None else json.dumps(data).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 — see above
            body = answer.read()
            return json.loads(body) if body else None, answer.headers.get("Rapport-Batch", "")

    def fill(self) -> dict[str, Any]:
        """Something of everything. Returns what must still be true later."""
        self.token = self.command("token", "--user", ADMIN, "--name", "Of the old version")
        self.command("user", "add", "bob@northwind.example", "--role", "member", "--name", "Bob")
        self.command("mail", "server", "127.0.0.1", "--port", "9", "--user", "crm", "--from", ADMIN, typed="s3cret\n")
        self.api("POST", "/fields", FIELD)
        company, _ = self.api("POST", "/companies", {"name": "Fjell & Fjord", "domains": ["fjord.example"]})
        emails = [{"email": "amara@fjord.example", "kind": "work", "primary": True}, {"email": "amara@home.example"}]
        amara, _ = self.api(
            "POST", "/people", {"name": "Amara Nansen", "emails": emails, "x_boot_size": 39, "tags": ["VIP"]}
        )
        path = f"/people/{amara['id']}"
        self.api(
            "POST", "/memberships", {"person": amara["id"], "company": company["id"], "title": "Buyer", "primary": True}
        )
        self.api("POST", "/notes", {"text": "Likes snow.", "about_type": "people", "about_id": amara["id"]})
        _, batch = self.api("PATCH", path, {"source": "Trade fair", "stage": "customer"})
        address = {"street": "Bryggen 7", "postcode": "5003", "city": "Bergen", "country": "NO"}
        self.api("PATCH", path, {"addresses": [address], "birthday": "1988-05-17"}, **{"Rapport-Batch": batch})
        gone, _ = self.api("POST", "/people", {"name": "Deleted Person", "emails": ["gone@fjord.example"]})
        self.api("DELETE", f"/people/{gone['id']}")
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write(CSV)
            file.flush()
            self.command("import", "people", file.name, "--yes", "--user", ADMIN)
        return {"token": self.token, "person": amara["id"], "deleted": gone["id"], "batch": batch}

    def settle(self) -> None:
        """Wait until search has followed and the journal's first entries are sealed."""
        deadline = time.monotonic() + PATIENCE
        while not self.api("GET", "/search?q=Ida%20Berg")[0]["items"]:
            assert time.monotonic() < deadline, "the worker did not follow"
            time.sleep(0.5)
        self.command("journal", "seal")


def make(name: str, checkout: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="rapport-landed-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        maker = Maker(Path(folder) / "home", checkout)
        with maker.running():
            maker.command("demo", "--people", "40")
            facts = maker.fill()
            maker.settle()
            counted = ("people", "companies", "memberships", "notes")
            facts["counts"] = {
                slug: maker.api("GET", f"/{slug}?limit=1&count=exact")[0]["count"]["value"] for slug in counted
            }
        one, backup = Landed(name, migrations_of(checkout), facts), Path(folder) / "backup"
        # By this repository's own code: how a backup is written belongs to the reader, what is in it to the version.
        maker.environment["PYTHONPATH"] = str(ROOT)
        maker.command("backup", str(backup))
        one.pack(backup)
    note(one)


if __name__ == "__main__":
    make(sys.argv[1], Path(*sys.argv[2:] or [ROOT]).resolve())
