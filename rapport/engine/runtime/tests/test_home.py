"""The home: secrets that are made once, database addresses read with care, names under which the site answers."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rapport.engine.runtime.database_url import AddressFault, parse_database_url
from rapport.engine.runtime.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_secret_is_made_once_even_when_many_ask_at_once(home):
    home.make()
    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(lambda _: home.secret("secret_key"), range(64)))

    assert len(answers) == 1
    assert len(answers.pop()) >= 64
    assert [file.name for file in home.secrets.iterdir()] == ["secret_key"]


def test_secrets_are_for_their_owner_alone(home):
    home.secret("secret_key")

    assert stat.S_IMODE((home.secrets / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.secrets.stat().st_mode) == 0o700


def test_the_home_is_named_by_the_environment_or_lies_in_the_users_data(tmp_path):
    assert Home.from_env({"RAPPORT_HOME": str(tmp_path)}).path == tmp_path
    assert Home.from_env({"XDG_DATA_HOME": str(tmp_path)}).path == tmp_path / "rapport"
    assert Home.from_env({"RAPPORT_HOME": "~/crm"}).path == Path.home() / "crm"


def test_each_role_has_a_connection_of_its_own(home, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    databases = home.databases()

    assert databases["default"]["USER"] == "rapport_app"
    assert databases["owner"]["USER"] == "rapport_owner"
    assert databases["default"]["PASSWORD"] != databases["owner"]["PASSWORD"]
    assert databases["default"]["HOST"] == str(home.socket_folder)


def test_another_server_is_named_by_two_addresses(home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:secret@db.example.com:6432/crm?sslmode=require")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@db.example.com/crm")
    databases = home.databases()

    assert not home.is_embedded
    assert databases["default"]["OPTIONS"]["sslmode"] == "require"
    assert "idle_in_transaction_session_timeout" in databases["default"]["OPTIONS"]["options"]
    assert databases["owner"]["USER"] == "owner"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p%40ss%2Fw%3Ard@h:1/db", {"USER": "u", "PASSWORD": "p@ss/w:rd", "HOST": "h", "PORT": "1"}),
        ("postgres://u@[::1]:5433/db", {"HOST": "::1", "PORT": "5433", "NAME": "db"}),
        ("postgresql:///db?host=/run/Postgres&user=me", {"HOST": "/run/Postgres", "USER": "me", "OPTIONS": {}}),
        ("postgresql://u@%2Frun%2FPostgres/db", {"HOST": "/run/Postgres"}),
        ("postgresql://h/my%20crm?connect_timeout=3", {"NAME": "my crm", "OPTIONS": {"connect_timeout": 3}}),
    ],
)
def test_database_addresses_are_read_with_their_escapes(url, expected):
    found = parse_database_url(url, name="DATABASE_URL")

    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://u:hidden@h/db", "must begin with postgresql://"),
        ("postgresql://u:hidden@h", "names no database"),
        ("postgresql://u:hidden@h:99999/db", "port"),
        ("postgresql://u:hid/den@h/db", "%2F"),
        ("postgresql://u:hidden@h/db?sslmode", "option=value"),
        ("postgresql://u:[hidden@h/db", "%5B"),
    ],
)
def test_a_wrong_address_says_what_to_mend_and_keeps_the_password(url, sentence):
    with pytest.raises(AddressFault) as fault:
        parse_database_url(url, name="DATABASE_URL")

    assert sentence in str(fault.value)
    assert "DATABASE_URL" in str(fault.value)
    assert "hid" not in str(fault.value)


def test_the_site_answers_to_its_own_name_and_to_this_machine(home):
    assert home.allowed_hosts("https://crm.example.com:8443") == ["127.0.0.1", "localhost", "[::1]", "crm.example.com"]
    assert home.allowed_hosts("http://[::1]:8000") == ["127.0.0.1", "localhost", "[::1]"]
