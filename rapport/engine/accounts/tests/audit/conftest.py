"""An audit of the cast: Dana runs the place, Bob works in it."""

import pytest

from rapport.engine.accounts.audit import make_report, reads, signing_in
from rapport.engine.accounts.models import User
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.outbox.tests.conftest import mail_server, mailbox
from rapport.engine.records.actions import create_record
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.definitions import forget
from rapport.engine.records.registry import record_type
from tests.fixtures.cast import _nothing_remembered

__all__ = ["_nothing_remembered", "mail_server", "mailbox"]


@pytest.fixture(autouse=True)
def _nothing_counted(settings, monkeypatch):
    """Reads wait until somebody asks for them."""
    settings.AUDIT_READS_WRITTEN_AFTER = 0
    reads._counted.clear()
    yield
    reads._counted.clear()


@pytest.fixture
def make():
    """Create a record as somebody: `make(bob, "people", name="Amara Okafor")`."""

    def made(user, slug, **values):
        with open_act(user.actor) as act:
            return create_record(act, record_type(slug), values)

    return made


@pytest.fixture
def section():
    """One section of an audit made now: its counts by name, and its tables by title."""

    def looked(name, **options):
        return next(one for one in make_report(**options).sections if one.name == name)

    return looked


@pytest.fixture
def health(db):
    """A field of people that holds something sensitive."""
    with open_act(SYSTEM) as act:
        row = create_field(act, record_type("people"), {"label": "Health", "type": "text", "personal": "sensitive"})
    forget()
    return row


def counts(section):
    return {one.name: one.value for one in section.counts}


def rows(section, title):
    return [row for one in section.tables if one.title == title for row in one.rows]


@pytest.fixture(autouse=True)
def factors(monkeypatch):
    """Let users have a second factor, all unless it is said otherwise: `factors(dana)`."""

    def having(*users):
        known = {one.pk for one in users}
        monkeypatch.setattr(signing_in, "holders_of_factors", lambda: known)

    monkeypatch.setattr(signing_in, "holders_of_factors", lambda: set(User.objects.values_list("pk", flat=True)))
    return having
