"""One-time links: the way in without a password."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from rapport.engine.accounts import actions
from rapport.engine.accounts.models import OneTimeLink, User
from rapport.engine.accounts.tests.test_sign_in import is_signed_in
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM

HOUR = timedelta(hours=1)


@pytest.fixture
def printed(capsys):
    """What `rapport link` prints, as the path of its page."""

    def print_link(*arguments):
        call_command("link", *arguments)
        address = capsys.readouterr().out.strip()
        assert address.startswith("http://127.0.0.1")
        return urlsplit(address).path

    return print_link


def test_a_link_signs_in_once(client, dana, printed):
    link = printed("--user", "dana@northwind.example")
    assert client.post(link)["Location"] == "/"
    assert is_signed_in(client)
    again = Client()
    assert again.post(link).status_code == 410
    assert not is_signed_in(again)


def test_looking_does_not_use_a_link_up(client, dana, printed):
    link = printed("--user", "dana@northwind.example")
    for _scanner in range(3):
        page = client.get(link)
        client.head(link)
    assert "Dana" in page.text
    assert not is_signed_in(client)
    client.post(link)
    assert is_signed_in(client)


def test_a_link_works_for_an_hour_and_the_very_first_for_a_day(client, dana, printed):
    client.post(printed())
    printed()
    first, later = (link.expires_at - link.created_at for link in OneTimeLink.objects.order_by("pk"))
    assert 23 * HOUR < first <= 24 * HOUR
    assert later <= HOUR


def test_a_link_expires(client, dana, printed):
    link = printed("--user", "dana@northwind.example")
    OneTimeLink.objects.update(expires_at=timezone.now())
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410
    assert not is_signed_in(client)


def test_a_wrong_link_says_no_more_than_a_used_one(client, db):
    answer = client.get("/sign-in/link/not-a-link-at-all")
    assert answer.status_code == 410
    assert "no longer works" in answer.text


def test_a_link_is_kept_as_a_digest_only(dana, printed):
    secret = printed("--user", "dana@northwind.example").rpartition("/")[2]
    assert secret not in str(OneTimeLink.objects.values())


def test_without_a_name_the_first_administrator_is_let_in(client, dana, bob, printed):
    client.post(printed())
    assert "dana@northwind.example" in client.get("/settings/account/").text


def test_a_deactivated_user_gets_no_link_and_loses_theirs(client, dana, bob, printed):
    link = printed("--user", "bob@northwind.example")
    with open_act(SYSTEM) as act:
        actions.deactivate_user(act, bob)
    assert client.post(link).status_code == 410
    with pytest.raises(CommandError, match="deactivated"):
        call_command("link", "--user", "bob@northwind.example")


def test_an_unknown_user_is_named(db, dana):
    with pytest.raises(CommandError, match=r"No user has the address eve@"):
        call_command("link", "--user", "eve@nowhere.example")


def test_trying_links_is_throttled(client, db):
    answers = [client.get(f"/sign-in/link/guess-{number}").status_code for number in range(31)]
    assert answers[:30] == [410] * 30
    assert answers[30] == 429


class TestEmptyInstance:
    def test_its_link_makes_the_first_administrator(self, client, db, printed):
        link = printed()
        assert "Your name" in client.get(link).text
        answer = client.post(link, {"name": "Ada", "email": "Ada@Northwind.example"})
        assert answer["Location"] == "/settings/password/first/"
        ada = User.objects.get()
        assert (ada.email, ada.name, ada.role) == ("ada@northwind.example", "Ada", "admin")
        assert is_signed_in(client)

    def test_a_mistake_does_not_use_it_up(self, client, db, printed):
        link = printed()
        answer = client.post(link, {"name": "Ada", "email": "not an address"})
        assert answer.status_code == 422
        assert not User.objects.exists()
        client.post(link, {"name": "Ada", "email": "ada@northwind.example"})
        assert User.objects.count() == 1

    def test_it_works_once_and_only_the_newest_does(self, client, db, printed):
        older, newer = printed(), printed()
        assert client.get(older).status_code == 410
        client.post(newer, {"name": "Ada", "email": "ada@northwind.example"})
        assert Client().post(newer, {"name": "Eve", "email": "eve@nowhere.example"}).status_code == 410

    def test_it_dies_when_somebody_else_becomes_the_first_user(self, client, db, printed):
        link = printed()
        User.objects.create_user("dana@northwind.example")
        assert client.post(link, {"name": "Eve", "email": "eve@nowhere.example"}).status_code == 410
        assert not User.objects.filter(email="eve@nowhere.example").exists()
