"""Users, as administrators manage them."""

import re
import threading
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from rapport.engine.accounts import actions
from rapport.engine.accounts.errors import LastAdministrator
from rapport.engine.accounts.models import Role, User
from rapport.engine.accounts.tests.conftest import PASSWORD
from rapport.engine.accounts.tests.test_sign_in import is_signed_in, sign_in
from rapport.engine.accounts.tokens import authenticate_token
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.errors import CannotUndo, NotAllowed
from rapport.engine.events.undo import undo_batch

USERS = "/settings/users/"


def post(browser, user, verb, **data):
    return browser.post(f"{USERS}{user.pk}/{verb}", data)


class TestInviting:
    def test_somebody_invited_chooses_a_password_and_is_in(self, client, dana, signed_in):
        page = signed_in(dana).post(f"{USERS}invite", {"email": "Eve@Northwind.example", "role": "member"})
        link = link_on(page)
        assert "eve@northwind.example" in page.text
        assert client.post(link)["Location"] == "/settings/password/first/"
        chosen = client.post("/settings/password/first/", {"password1": PASSWORD, "password2": PASSWORD})
        assert chosen.status_code == 302
        assert is_signed_in(client)
        again = Client()
        sign_in(again, "eve@northwind.example")
        assert is_signed_in(again)

    def test_an_address_that_is_taken_says_so(self, dana, bob, signed_in):
        answer = signed_in(dana).post(f"{USERS}invite", {"email": "BOB@northwind.example", "role": "member"})
        assert answer.status_code == 422
        assert "bob@northwind.example already has an account." in answer.text
        assert User.objects.count() == 2

    def test_a_role_that_does_not_exist_is_refused(self, dana, signed_in):
        answer = signed_in(dana).post(f"{USERS}invite", {"email": "eve@northwind.example", "role": "emperor"})
        assert answer.status_code == 422
        assert not User.objects.filter(email="eve@northwind.example").exists()


class TestMembers:
    def test_they_cannot_reach_the_users_page(self, bob, signed_in):
        assert signed_in(bob).get(USERS).status_code == 403

    def test_they_cannot_do_what_it_does(self, dana, bob, signed_in):
        browser = signed_in(bob)
        assert browser.post(f"{USERS}invite", {"email": "eve@northwind.example", "role": "admin"}).status_code == 403
        for verb in ("role", "link", "deactivate", "reactivate"):
            assert post(browser, dana, verb, role="member").status_code == 403
        dana.refresh_from_db()
        assert dana.is_active
        assert dana.is_admin
        assert User.objects.count() == 2

    def test_no_other_door_lets_them(self, dana, bob):
        with pytest.raises(NotAllowed), open_act(bob.actor) as act:
            actions.change_role(act, bob, role=Role.ADMIN)
        with pytest.raises(NotAllowed), open_act(bob.actor) as act:
            actions.set_password(act, dana, "a password of Bob's liking")


class TestDeactivating:
    def test_sessions_tokens_and_links_end_at_once_and_for_good(self, dana, bob, signed_in):
        bobs, danas = signed_in(bob), signed_in(dana)
        with open_act(bob.actor) as act:
            _token, secret = actions.create_token(act, bob, name="script")
        link = link_on(post(danas, bob, "link"))
        assert is_signed_in(bobs)

        post(danas, bob, "deactivate")
        assert not is_signed_in(bobs)
        assert authenticate_token(f"Bearer {secret}") is None
        assert Client().post(link).status_code == 410
        assert not is_signed_in(signed_in_anew(bob))

        post(danas, bob, "reactivate")
        assert not is_signed_in(bobs)
        assert authenticate_token(f"Bearer {secret}") is None
        assert Client().post(link).status_code == 410
        assert is_signed_in(signed_in_anew(bob))

    def test_the_last_administrator_stays(self, dana, bob, signed_in):
        browser = signed_in(dana)
        post(browser, dana, "deactivate")
        post(browser, dana, "role", role="member")
        dana.refresh_from_db()
        assert dana.is_active
        assert dana.is_admin
        assert "This is the last administrator." in browser.get(USERS).text

    def test_with_another_administrator_one_may_leave(self, dana, bob, signed_in):
        browser = signed_in(dana)
        post(browser, bob, "role", role="admin")
        post(browser, dana, "role", role="member")
        dana.refresh_from_db()
        assert not dana.is_admin
        assert browser.get(USERS).status_code == 403

    def test_a_deactivated_administrator_does_not_count(self, dana, bob, signed_in):
        browser = signed_in(dana)
        post(browser, bob, "role", role="admin")
        post(browser, bob, "deactivate")
        post(browser, dana, "deactivate")
        dana.refresh_from_db()
        assert dana.is_active


def test_undo_gives_nobody_a_right_back(dana, bob):
    with open_act(SYSTEM) as act:
        actions.change_role(act, bob, role=Role.ADMIN)
    with open_act(bob.actor) as act:
        actions.change_role(act, dana, role=Role.MEMBER)
        by_bob = act.batch
    with open_act(SYSTEM) as act:
        actions.change_role(act, dana, role=Role.ADMIN)
        actions.change_role(act, bob, role=Role.MEMBER)
    bob.refresh_from_db()
    with pytest.raises(CannotUndo, match="who may do what"), open_act(bob.actor) as act:
        undo_batch(act, by_bob)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_leave_at_the_same_time():
    users = [User.objects.create_user(f"{name}@northwind.example", role=Role.ADMIN) for name in ("ada", "bea")]
    both = threading.Barrier(2)
    refused = []

    def leave(user):
        try:
            with open_act(SYSTEM) as act:
                both.wait(5)
                actions.deactivate_user(act, user)
        except LastAdministrator:
            refused.append(user)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(refused) == 1
    assert User.objects.active().count() == 1


def link_on(page):
    """The path of the one-time link that a page shows."""
    return urlsplit(re.search(r'value="(http[^"]+)"', page.text)[1]).path


def signed_in_anew(user):
    client = Client()
    sign_in(client, user.email)
    return client
