"""Only the process that answers visitors gives statements up; jobs and commands take the time they need."""

import os
import subprocess
import sys

import pytest

from rapport.engine.runtime.home import Home
from rapport.engine.runtime.patience import VARIABLE, limits

# The web process up to where it begins to serve: it says how long its statements may take.
SERVE = """
import asyncio, os
from rapport.engine.runtime import web
asyncio.run = lambda serving: (serving.close(), print(os.environ["RAPPORT_STATEMENT_LIMIT"], flush=True))
web.serve(["--port", "1"])
"""


@pytest.mark.parametrize(("said", "limit"), [({}, "30s"), ({VARIABLE: "5s"}, "5s")])
def test_the_web_process_has_a_limit_unless_another_one_is_set(said, limit):
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE} | said
    served = subprocess.run([sys.executable, "-c", SERVE], env=environment, capture_output=True, text=True, check=True)
    assert served.stdout.strip() == limit


def test_the_limit_is_said_to_each_session_of_the_app(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv(VARIABLE, raising=False)
    home = Home(tmp_path / "home")
    assert "statement_timeout" not in str(home.databases())
    monkeypatch.setenv(VARIABLE, "5s")
    databases = home.databases()
    assert "statement_timeout" in databases["default"]["OPTIONS"]["options"]
    assert "statement_timeout" not in databases["owner"]["OPTIONS"]["options"]
    assert limits() == {"statement_timeout": "5s"}
