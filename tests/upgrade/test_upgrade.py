"""A home that the previous landed version filled is started by this one: nothing is lost, and there is a way back."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rapport.engine.jobs.tests.support import wait_until
from rapport.engine.runtime.home import Home
from tests.fixtures.home import make_home
from tests.fixtures.site import free_port
from tests.upgrade.landed import Landed, landed, migrations_of, previous

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
UNDO = """
import sys, datetime
from django.utils import timezone
then = datetime.datetime.fromisoformat(sys.argv[1])
timezone.now = lambda: then
from rapport.__main__ import main
sys.exit(main(["undo", sys.argv[2]]))
"""


def run(home: Home, *line: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "RAPPORT_HOME": str(home.path)}
    done = subprocess.run(
        [sys.executable, "-P", *line], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def rapport(home: Home, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return run(home, "-m", "rapport", *arguments)


def manifest(backup: Path) -> dict[str, Any]:
    with tarfile.open(backup) as archive:
        content = archive.extractfile("manifest.json")
        assert content is not None
        found: dict[str, Any] = json.load(content)
        return found


@dataclass
class Upgraded:
    """A home of the previous version that runs under this one: its backup from then, and what the start said."""

    old: Landed
    before: Path
    home: Home
    port: int
    said: str

    def api(self, method: str, path: str) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}",
            method=method,
            headers={"Authorization": f"Bearer {self.old.facts['token']}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 — see above
            return json.load(answer)

    @property
    def taken(self) -> Path:
        (taken,) = self.home.backups.glob("before-upgrade-*")
        return taken


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    old, home, port = previous(), Home(make_home()), free_port()
    before = tmp_path_factory.mktemp("landed") / "backup"
    old.unpack(before)
    made = run(home, "-m", "tests.upgrade.old_home", str(before))
    assert made.returncode == 0, made.stderr
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "rapport", "up", "--empty", "--port", str(port)],
        env={**os.environ, "RAPPORT_HOME": str(home.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        said = ""
        for line in process.stdout or ():
            said += line
            if "Ctrl-C" in line:
                break
        assert "Ctrl-C" in said, said
        yield Upgraded(old, before, home, port, said)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    shutil.rmtree(home.path)


def demand_older(upgraded: Upgraded) -> None:
    if not upgraded.old.is_older:
        pytest.skip("this version has no migration that the last one that landed did not have")


def test_it_takes_a_backup_of_everything_first_and_says_so(upgraded):
    demand_older(upgraded)
    before, taken = manifest(upgraded.before), manifest(upgraded.taken)

    assert f"A backup was taken first: {upgraded.taken}" in upgraded.said
    assert "rapport restore" in upgraded.said
    assert taken["migrations"] == before["migrations"]
    assert taken["tables"] == before["tables"]


def test_the_way_back_is_whole(upgraded):
    demand_older(upgraded)
    empty = Home(make_home())
    back = rapport(empty, "restore", str(upgraded.taken))
    shutil.rmtree(empty.path)

    assert back.returncode == 0, back.stderr
    assert "The journal is whole" in back.stdout
    assert "the counts match" in back.stdout


def test_every_migration_is_applied(upgraded):
    assert rapport(upgraded.home, "migrate", "--check", "--database", "owner").returncode == 0


def test_no_record_is_lost_and_an_old_token_still_works(upgraded):
    counted = {
        slug: upgraded.api("GET", f"/{slug}?limit=1&count=exact")["count"]["value"]
        for slug in upgraded.old.facts["counts"]
    }

    assert counted == upgraded.old.facts["counts"]


def test_a_record_keeps_its_fields_and_its_company(upgraded):
    person = upgraded.api("GET", f"/people/{upgraded.old.facts['person']}")

    assert person["name"] == "Amara Nansen"
    assert [entry["email"] for entry in person["emails"]] == ["amara@fjord.example", "amara@home.example"]
    assert person["x_boot_size"] == 39
    assert person["tags"] == ["VIP"]
    assert person["company"]["name"] == "Fjell & Fjord"


@pytest.mark.parametrize("asked", ["amara%20nansen", "amara@home.example", "odegard", "fjell"])
def test_old_records_are_found(upgraded, asked):
    # The worker may be making the index anew.
    wait_until(lambda: upgraded.api("GET", f"/search?q={asked}")["items"], what=f"{asked} is found", seconds=60)


def test_a_custom_field_filters(upgraded):
    found = upgraded.api("GET", "/people?where=x_boot_size%20%3E%2038&fields=name&order=name")

    assert [one["name"] for one in found["items"]] == ["Amara Nansen", "Åse Ødegård"]


def test_what_was_deleted_can_be_restored(upgraded):
    assert upgraded.api("POST", f"/people/{upgraded.old.facts['deleted']}/restore")["name"] == "Deleted Person"


def test_what_the_old_version_did_can_be_undone(upgraded):
    # Undo has thirty days from the change; this home grows older than that.
    then = manifest(upgraded.before)["made_at"]
    undone = run(upgraded.home, "-c", UNDO, then, upgraded.old.facts["batch"])
    person = upgraded.api("GET", f"/people/{upgraded.old.facts['person']}")

    assert undone.returncode == 0, undone.stderr
    assert "taken back: 2" in undone.stdout
    assert (person["source"], person["birthday"], person["city"]) == ("", None, None)


def test_the_journal_is_whole(upgraded):
    verified = rapport(upgraded.home, "journal", "verify")

    assert verified.returncode == 0, verified.stderr
    assert int(re.search(r"([\d,]+) sealed", verified.stdout)[1].replace(",", "")) > 0


def test_sealed_values_can_be_read_with_the_old_keys(upgraded):
    rotated = rapport(upgraded.home, "keys", "rotate")

    assert rotated.returncode == 0, rotated.stderr
    assert "1 values are sealed with the new key" in rotated.stdout


def test_no_landed_migration_was_edited():
    now = migrations_of(ROOT)
    edited = [
        f"{app}.{name} of {one.name}"
        for one in landed()
        for app, names in one.migrations.items()
        for name, digest in names.items()
        if now.get(app, {}).get(name) != digest
    ]
    assert edited == []
