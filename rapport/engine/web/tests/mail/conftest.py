"""An administrator, and a real mail server."""

import pytest

from rapport.engine.outbox.tests.mailbox import running_mailbox
from rapport.engine.web.tests.mail.support import save


@pytest.fixture(autouse=True)
def _no_server_in_the_environment(monkeypatch):
    monkeypatch.delenv("RAPPORT_SMTP_URL", raising=False)


@pytest.fixture
def admin(dana, browse):
    return browse(dana)


@pytest.fixture
def mailbox(admin):
    """A real server, set through the page."""
    with running_mailbox() as box:
        saved = save(admin, host="127.0.0.1", port=str(box.port), security="none", username="", password="")
        assert saved.status_code == 302
        yield box
