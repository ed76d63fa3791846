"""The command line: which words there are, and what it says when it cannot do its work."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rapport.engine.runtime.bootstrap import command_of
from rapport.engine.runtime.home import Home
from rapport.engine.runtime.tests.test_backup import rapport
from tests.fixtures.home import make_home

pytestmark = pytest.mark.slow


@pytest.fixture
def new_home() -> Iterator[Home]:
    home = Home(make_home())
    yield home
    shutil.rmtree(home.path)


def test_without_a_word_it_tells_its_own_words(new_home):
    told = rapport(new_home).stdout

    assert [word for word in ("up", "demo", "import", "backup", "restore", "bench") if f"  {word} " not in told] == []
    assert "changepassword" not in told
    assert not new_home.postgres.exists()


@pytest.mark.parametrize("word", ["up", "bench", "import"])
def test_a_word_explains_itself(new_home, word):
    told = rapport(new_home, word, "--help")

    assert told.returncode == 0, told.stderr
    assert "usage:" in told.stdout


def test_an_unknown_word_is_refused(new_home):
    refused = rapport(new_home, "nonsense")

    assert refused.returncode == 1
    assert "Unknown command: 'nonsense'" in refused.stderr


def test_the_first_command_of_a_new_home_makes_its_tables(new_home):
    listed = rapport(new_home, "user", "list")

    assert (listed.returncode, listed.stdout) == (0, "")


@pytest.mark.parametrize("words", [("user", "list"), ("backup", "/tmp/never.rapport"), ("restore", __file__)])
def test_a_database_that_does_not_answer_is_said_in_a_sentence(new_home, words):
    refused = rapport(new_home, *words, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")

    assert refused.returncode == 1
    assert refused.stderr.startswith("The database does not answer.")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["backup", "/nowhere/b"], "/nowhere/b cannot be written: No such file or directory."),
        (["restore", "/nowhere/b"], "/nowhere/b cannot be read"),
        (["export", "people", "/nowhere/p.csv"], "/nowhere/p.csv cannot be written: No such file or directory."),
        (["token", "--user", "eve@northwind.example"], "No user has the address eve@northwind.example."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(new_home, arguments, sentence):
    refused = rapport(new_home, *arguments)

    assert refused.returncode == 1
    assert sentence in refused.stderr


def test_the_words_of_bin_run_this_repository():
    root = Path(__file__).resolve().parents[4]

    assert command_of("bench", ["--help"])[1:] == ["-P", "-m", "bench", "--help"]
    assert str(root) in " ".join(command_of("check", []))
