"""Leaked passwords: asked of a real web server in the words of Pwned Passwords, where administrators want that."""

import hashlib
import logging
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from rapport.engine.accounts import leaks
from rapport.engine.accounts.factors.actions import change_rules
from rapport.engine.accounts.tests.conftest import PASSWORD
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM

LEAKED = "correct horse battery"
OTHER = "another long secret"
CHANGE = "/settings/password/"


class Service:
    """What the service was asked, and how it answers."""

    def __init__(self):
        self.asked = []
        self.answer = "known"


@contextmanager
def running_service():
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            service.asked.append((self.path, self.headers["Add-Padding"], self.headers["Cookie"]))
            digest = hashlib.sha1(LEAKED.encode(), usedforsecurity=False).hexdigest().upper()
            known = digest[5:] if digest.startswith(self.path.rpartition("/")[2]) else "0" * 35
            count = "0" if service.answer == "padding" else "42"
            body = f"{'A' * 35}:3\r\n{known}:{count}\r\n{'B' * 35}:0".encode()
            if service.answer == "silence":
                self.connection.recv(1)
                return
            self.send_response(503 if service.answer == "broken" else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            """Tests speak for themselves."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def service(settings, monkeypatch):
    with running_service() as running:
        monkeypatch.setenv("RAPPORT_ALLOWED_TARGETS", f"127.0.0.1:{running.port}")
        settings.PWNED_PASSWORDS_URL = f"http://127.0.0.1:{running.port}"
        yield running


@pytest.fixture
def wanted(db):
    with open_act(SYSTEM) as act:
        change_rules(act, everybody_needs_factor=False, asks_about_leaks=True)


def change(browser, new):
    return browser.post(CHANGE, {"oldpassword": PASSWORD, "password1": new, "password2": new})


def test_a_leaked_password_is_refused_with_a_sentence(bob, wanted, service, signed_in):
    assert "has appeared in a data leak" in change(signed_in(bob), LEAKED).text
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)


def test_another_one_is_taken(bob, wanted, service, signed_in):
    assert change(signed_in(bob), OTHER).status_code == 302
    bob.refresh_from_db()
    assert bob.check_password(OTHER)


def test_only_five_characters_leave_the_house(bob, wanted, service, signed_in):
    change(signed_in(bob), LEAKED)
    digest = hashlib.sha1(LEAKED.encode(), usedforsecurity=False).hexdigest().upper()
    assert service.asked == [(f"/range/{digest[:5]}", "true", None)]


def test_nobody_is_asked_unless_an_administrator_wants_it(bob, service, signed_in):
    assert change(signed_in(bob), LEAKED).status_code == 302
    assert service.asked == []


def test_made_up_lines_count_as_nothing(wanted, service):
    service.answer = "padding"
    assert not leaks.has_leaked(LEAKED)


@pytest.mark.parametrize("trouble", ["broken", "silence"])
def test_without_an_answer_the_list_decides_and_the_log_says_so(wanted, service, monkeypatch, caplog, trouble):
    monkeypatch.setattr(leaks, "SECONDS", 0.3)
    service.answer = trouble
    with caplog.at_level(logging.WARNING):
        leaks.NotLeaked().validate(LEAKED)
    assert "Nobody could say whether a new password has leaked" in caplog.text
    assert LEAKED not in caplog.text


def test_the_guard_is_asked_too(wanted, service, monkeypatch, caplog):
    monkeypatch.delenv("RAPPORT_ALLOWED_TARGETS")
    assert not leaks.has_leaked(LEAKED)
    assert service.asked == []
    assert "Nobody could say" in caplog.text


def test_the_command_asks_as_well(bob, wanted, service, monkeypatch):
    monkeypatch.setattr("rapport.engine.accounts.management.commands.user.getpass", lambda _prompt: LEAKED)
    with pytest.raises(CommandError, match="data leak"):
        call_command("user", "password", bob.email)


def test_common_passwords_are_refused_without_asking_anybody(bob, signed_in):
    assert "too common" in change(signed_in(bob), "qwertyuiop").text


def test_it_is_a_validation_error_as_django_knows_them(wanted, service):
    with pytest.raises(ValidationError) as refusal:
        leaks.NotLeaked().validate(LEAKED)
    assert refusal.value.code == "password_leaked"
