"""The mail server's page and the outbox, against a real mail server."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.outbox import queries, smtp
from rapport.engine.outbox.mail import dispatch_mail, send_staff_mail
from rapport.engine.outbox.models import MailServer, OutgoingMessage, State
from rapport.engine.outbox.server import mail_server
from rapport.engine.outbox.smtp import ServerTrouble
from rapport.engine.outbox.tests.mailbox import running_mailbox

pytestmark = pytest.mark.django_db

MAIL, OUTBOX = "/settings/mail/", "/outbox/"
GOOD = {
    "host": "mail.northwind.example", "port": "587", "security": "starttls", "username": "crm",
    "password": "s3cret-one", "from_address": "crm@northwind.example", "from_name": "Northwind",
}  # fmt: skip


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


def save(client, **changes):
    return client.post(MAIL, {**GOOD, **changes})


def page_of(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def problems(answer):
    assert answer.status_code == 422
    return " ".join(re.findall(r'class="problem" id="id_(\w+)_error"', answer.content.decode()))


def undo_in(page):
    return re.search(r'action="(/batches/[^"]+/undo)"', page)


def write(number=1, **more):
    with open_act(SYSTEM) as act:
        content = {"subject": f"Hello {number}", "text": "Sign in: https://crm.example/link/s3cret-token", **more}
        return send_staff_mail(act, to=f"person{number}@northwind.example", key=f"hello:{number}", **content)


def put_in(state, number=1):
    message = write(number)
    OutgoingMessage.objects.filter(pk=message).update(state=state)
    return message


def state_of(message):
    return queries.message(message).state


def shown(page):
    """The messages on a page, in order."""
    return re.findall(r'<tr id="message-([0-9a-f-]+)"', page)


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


def test_a_server_is_set_and_its_password_never_shown(admin):
    assert "No mail server is set yet" in page_of(admin, MAIL)
    assert save(admin).status_code == 302
    found = mail_server({})
    assert (found.host, found.port, found.security) == ("mail.northwind.example", 587, "starttls")
    assert (found.username, found.password, found.from_name) == ("crm", "s3cret-one", "Northwind")
    page = page_of(admin, MAIL)
    assert 'value="mail.northwind.example"' in page
    assert "One is stored" in page
    assert "s3cret" not in page


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("host", ""), ("host", "mail example"), ("port", "70000"), ("port", "many"), ("security", "ssl"),
        ("from_address", "crm"), ("username", ""),
    ],
)  # fmt: skip
def test_a_wrong_setting_stands_at_its_field_with_the_rest_kept(admin, field, wrong):
    answer = save(admin, **{field: wrong})
    assert problems(answer) == field
    assert 'value="Northwind"' in answer.content.decode()
    assert "s3cret-one" not in answer.content.decode()
    assert mail_server({}) is None


def test_a_change_without_a_password_keeps_it_and_can_be_undone(admin):
    save(admin)
    page_of(admin, MAIL)
    save(admin, port="2525", password="")
    assert (mail_server({}).port, mail_server({}).password) == (2525, "s3cret-one")
    admin.post(undo_in(page_of(admin, MAIL))[1])
    assert (mail_server({}).port, mail_server({}).password) == (587, "s3cret-one")


def test_a_changed_password_offers_no_half_undo(admin):
    save(admin)
    page_of(admin, MAIL)
    save(admin, password="s3cret-two")
    assert mail_server({}).password == "s3cret-two"
    assert undo_in(page_of(admin, MAIL)) is None


def test_a_stored_password_goes_to_no_other_server(admin):
    save(admin)
    assert problems(save(admin, host="mail.elsewhere.example", password="")) == "password"
    assert mail_server({}).host == "mail.northwind.example"
    assert save(admin, host="mail.elsewhere.example", password="s3cret-two").status_code == 302
    assert save(admin, host="mail.third.example", username="", password="").status_code == 302
    assert (mail_server({}).host, mail_server({}).password) == ("mail.third.example", "")


def test_the_same_again_changes_nothing(admin):
    save(admin)
    version = MailServer.objects.get().version
    page_of(admin, MAIL)
    save(admin, password="")
    page = page_of(admin, MAIL)
    assert "Nothing was changed" in page
    assert undo_in(page) is None
    assert MailServer.objects.get().version == version


def test_a_removed_server_comes_back_without_its_password(admin):
    save(admin)
    page_of(admin, MAIL)
    admin.post(f"{MAIL}remove")
    assert mail_server({}) is None
    page = page_of(admin, MAIL)
    assert "without its password" in page
    admin.post(undo_in(page)[1])
    assert (mail_server({}).host, mail_server({}).password) == ("mail.northwind.example", "")
    assert "One is stored" not in page_of(admin, MAIL)


def test_removing_nothing_says_so(admin):
    admin.post(f"{MAIL}remove")
    assert "no mail server to remove" in page_of(admin, MAIL)


def test_the_page_says_when_the_environment_overrides_it(admin, monkeypatch):
    save(admin)
    monkeypatch.setenv("RAPPORT_SMTP_URL", "smtps://u:s3cret-env@other.example?from=a@b.example")
    page = page_of(admin, MAIL)
    assert "RAPPORT_SMTP_URL overrides this page" in page
    assert "other.example, port 465, from a@b.example" in page
    assert 'value="mail.northwind.example"' in page
    assert "s3cret-env" not in page


def test_an_unreadable_environment_says_how_to_mend_it(admin, monkeypatch):
    monkeypatch.setenv("RAPPORT_SMTP_URL", "http://mail.example")
    page = page_of(admin, MAIL)
    assert "RAPPORT_SMTP_URL cannot be read" in page
    assert "begin with smtp://" in page
    assert "Send a test mail" not in page


def test_a_test_mail_tells_what_the_server_said(admin, mailbox):
    place = admin.post(f"{MAIL}test")["Location"]
    page = page_of(admin, place)
    assert "on its way" in page
    assert 'hx-trigger="every 2s"' in page
    dispatch_mail()
    page = page_of(admin, place)
    assert "The server took the test mail" in page
    assert "250" in page
    assert "every 2s" not in page
    assert [mail["To"] for mail in mailbox.mails] == ["dana@northwind.example"]


def test_a_refused_test_mail_shows_the_refusal(admin, mailbox):
    mailbox.at_rcpt = "550 Relaying <denied>"
    place = admin.post(f"{MAIL}test")["Location"]
    dispatch_mail()
    page = page_of(admin, place)
    assert "The server refused the test mail" in page
    assert "550 Relaying &lt;denied&gt;" in page


def test_a_server_that_is_down_is_told_as_it_is(admin):
    save(admin, host="127.0.0.1", port="1", security="none", username="", password="")
    place = admin.post(f"{MAIL}test")["Location"]
    with pytest.raises(ServerTrouble):
        dispatch_mail()
    page = page_of(admin, place)
    assert "has not left yet" in page
    assert "127.0.0.1:1 cannot be used" in page


def test_no_test_mail_without_a_server(admin):
    admin.post(f"{MAIL}test")
    assert "Set a mail server first" in page_of(admin, MAIL)
    assert OutgoingMessage.objects.count() == 0


def test_messages_stand_under_their_state_with_counts_and_never_what_they_say(admin):
    tabs = {
        "waiting": [State.QUEUED, State.LEASED], "sent": [State.SENT], "not_sent": [State.NOT_SENT],
        "unknown": [State.UNKNOWN], "failed": [State.FAILED], "held": [State.HELD],
    }  # fmt: skip
    found = {state: str(put_in(state, number)) for number, state in enumerate(State)}
    assert sorted(shown(page_of(admin, OUTBOX))) == sorted(found.values())
    for tab, states in tabs.items():
        page = page_of(admin, OUTBOX, state=tab)
        assert sorted(shown(page)) == sorted(found[state] for state in states)
        counted = re.search(rf'href="\?state={tab}"[^>]*>[^<]*<span class="dim num">(\d+)', page)
        assert int(counted[1]) == len(states)
        assert "s3cret-token" not in page


@pytest.mark.parametrize("tab", ["", "waiting", "sent", "not_sent", "unknown", "failed", "held", "nonsense"])
def test_an_empty_tab_says_what_belongs_there(admin, tab):
    assert 'class="empty"' in page_of(admin, OUTBOX, state=tab)


def test_pages_follow_one_another(admin, monkeypatch):
    monkeypatch.setattr("rapport.engine.web.views.outbox.PAGE_SIZE", 3)
    ids = [str(put_in(State.HELD, number)) for number in range(7)]
    seen, place = [], f"{OUTBOX}?state=held"
    while place:
        page = page_of(admin, place)
        seen += shown(page)
        earlier = re.search(r'href="(\?state=held&amp;before=[^"]+)" rel="next"', page)
        place = OUTBOX + earlier[1].replace("&amp;", "&") if earlier else ""
    assert seen == ids[::-1]
    assert "Nothing earlier" in page_of(admin, OUTBOX, state="held", before=ids[0])
    assert shown(page_of(admin, OUTBOX, state="held", before="nonsense")) == ids[:3:-1]


def test_a_message_is_held_and_sent(admin, mailbox):
    message = write()
    answer = admin.post(f"{OUTBOX}{message}/hold?state=waiting")
    assert answer["Location"] == f"{OUTBOX}?state=waiting"
    assert dispatch_mail() == 0
    assert "Held by Dana." in page_of(admin, OUTBOX, state="held")
    admin.post(f"{OUTBOX}{message}/hand-over?state=held")
    dispatch_mail()
    assert len(mailbox.mails) == 1
    assert "250 OK" in page_of(admin, OUTBOX, state="sent")


def test_a_sent_message_has_no_buttons_and_is_not_sent_again(admin, mailbox):
    message = write()
    dispatch_mail()
    assert f"{message}/" not in page_of(admin, OUTBOX)
    admin.post(f"{OUTBOX}{message}/hand-over")
    admin.post(f"{OUTBOX}{message}/hold")
    assert "Nothing was queued" in page_of(admin, OUTBOX)
    assert dispatch_mail() == 0


def test_an_unknown_message_says_that_it_may_come_twice(admin, mailbox, monkeypatch):
    monkeypatch.setattr(smtp, "LAST_PATIENCE", 0.3)
    message = write()
    mailbox.at_data = "drop"
    dispatch_mail()
    page = page_of(admin, OUTBOX, state="unknown")
    assert "Sending it again may deliver it twice" in page
    assert "may have arrived" in page
    mailbox.at_data = "250 OK"
    admin.post(f"{OUTBOX}{message}/hand-over?state=unknown")
    dispatch_mail()
    assert state_of(message) == State.SENT
    assert len(mailbox.mails) == 2


def test_all_that_was_not_sent_leaves_once_a_server_is_set(admin):
    ids = [write(number) for number in range(3)]
    dispatch_mail()
    page = page_of(admin, OUTBOX, state="not_sent")
    assert "No mail server is set" in page
    assert "hand-over" not in page
    admin.post(f"{OUTBOX}hand-over?state=not_sent")
    assert {state_of(one) for one in ids} == {State.NOT_SENT}
    with running_mailbox() as box:
        save(admin, host="127.0.0.1", port=str(box.port), security="none", username="", password="")
        assert f"{OUTBOX}hand-over?state=not_sent" in page_of(admin, OUTBOX, state="not_sent")
        admin.post(f"{OUTBOX}hand-over?state=not_sent")
        assert "3 messages are queued" in page_of(admin, OUTBOX, state="not_sent")
        dispatch_mail()
        assert len(box.mails) == 3


def test_all_that_was_not_sent_is_held(admin, mailbox):
    ids = [put_in(State.NOT_SENT, number) for number in range(3)]
    failed = put_in(State.FAILED, 3)
    admin.post(f"{OUTBOX}hold?state=not_sent")
    assert {state_of(one) for one in ids} == {State.HELD}
    assert state_of(failed) == State.FAILED


@pytest.mark.parametrize("address", [MAIL, OUTBOX])
def test_a_page_costs_the_same_for_few_messages_and_many(admin, mailbox, address):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page_of(admin, address)
        return len(seen)

    write()
    page_of(admin, address)
    few = cost()
    for number in range(2, 30):
        put_in(list(State)[number % len(State)], number)
    assert cost() == few


def test_the_settings_lead_to_the_mail_server_and_to_the_outbox(admin):
    assert f'href="{MAIL}"' in page_of(admin, "/settings/organisation/")
    assert f'href="{MAIL}"' in page_of(admin, OUTBOX)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_both_pages_follow_what_happens(admin, mailbox, page, live_server_url):
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": admin.cookies[name].value, "url": live_server_url}])
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
