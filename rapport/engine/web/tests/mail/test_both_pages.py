"""The mail server's page and the outbox: who sees them, and what they share."""

import pytest
from playwright.sync_api import expect

from rapport.engine.outbox.mail import dispatch_mail
from rapport.engine.outbox.models import State
from rapport.engine.web.tests.mail.support import MAIL, OUTBOX, page_of, put_in, state_of, write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", [MAIL, OUTBOX])
def test_only_administrators_see_them(alice, admin, browse, address):
    assert browse(alice).get(address).status_code == 403
    assert f'href="{OUTBOX}"' not in browse(alice).get("/journal/").content.decode()
    assert f'href="{OUTBOX}"' in page_of(admin, address)


@pytest.mark.parametrize("address", ["outbox/hand-over", "outbox/hold", "settings/mail/remove", "settings/mail/test"])
def test_others_cannot_press_the_buttons(alice, browse, address):
    message = put_in(State.NOT_SENT)
    assert browse(alice).post(f"/{address}").status_code == 403
    assert browse(alice).post(f"/outbox/{message}/hand-over").status_code == 403
    assert browse(alice).post(f"/outbox/{message}/hold").status_code == 403
    assert state_of(message) == State.NOT_SENT


def test_the_settings_lead_to_the_mail_server_and_to_the_outbox(admin):
    assert f'href="{MAIL}"' in page_of(admin, "/settings/organisation/")
    assert f'href="{MAIL}"' in page_of(admin, OUTBOX)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_both_pages_follow_what_happens(dana, mailbox, page, enter):
    enter(page.context, dana)
    page.goto(MAIL)
    page.get_by_role("button", name="Send a test mail").click()
    expect(page.locator("#test")).to_contain_text("on its way")
    dispatch_mail()
    expect(page.locator("#test")).to_contain_text("The server took the test mail", timeout=20_000)
    message = write()
    page.goto(f"{OUTBOX}?state=waiting")
    expect(page.locator(f"#message-{message}")).to_contain_text("Queued", timeout=20_000)
    dispatch_mail()
    expect(page.locator(f"#message-{message}")).to_have_count(0, timeout=20_000)
    expect(page.get_by_role("link", name="Sent 2")).to_be_visible(timeout=20_000)
    held = write(2)
    page.goto(f"{OUTBOX}?state=waiting")
    page.get_by_role("button", name="Hold: person2@northwind.example").click()
    expect(page.locator("r-toast")).to_contain_text("1 message is held")
    assert page.url.endswith("/outbox/?state=waiting")
    assert state_of(held) == State.HELD
