"""The live stream: what it says, to whom, and that it ends with the session."""

import asyncio
import json
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from rapport.engine.accounts import actions
from rapport.engine.accounts.live import _asked, live
from rapport.engine.accounts.models import Role, User
from rapport.engine.accounts.notifications import notify, wake_record
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records.actions import create_record
from rapport.engine.records.gate import POLICIES, Policy
from rapport.engine.records.registry import record_type

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 10


class Page:
    """An open page, as the server sees it."""

    def __init__(self, cookie="", query=""):
        headers = [(b"cookie", cookie.encode())] if cookie else []
        self.scope = {"type": "http", "path": "/live", "headers": headers, "query_string": query.encode()}
        self.said = asyncio.Queue()
        self.left = asyncio.Event()

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def open(self):
        await asyncio.wait_for(live(self.scope, self.receive, self.said.put), 3 * PATIENCE)

    async def next(self):
        return await asyncio.wait_for(self.said.get(), PATIENCE)


def cookie_of(user):
    client = Client()
    client.force_login(user)
    return f"session={client.session.session_key}"


def bell_in(message):
    event, data, *_rest = message["body"].decode().splitlines()
    assert event == "event: bell"
    return json.loads(data.removeprefix("data: "))


@pytest.fixture
def users():
    User.objects.create_user("dana@northwind.example", role=Role.ADMIN)
    return User.objects.create_user("bob@northwind.example")


def test_it_counts_what_is_unread_as_it_comes(users):
    bob = users

    async def watch(page):
        opened = asyncio.create_task(page.open())
        assert (await page.next())["status"] == 200
        assert bell_in(await page.next()) == {"unread": 0}
        await asyncio.sleep(0.5)
        await sync_to_async(notify)(bob.pk, title="Import finished", url="", key="1")
        counts = [bell_in(await page.next())]
        while counts[-1] != {"unread": 1}:
            counts.append(bell_in(await page.next()))
        page.left.set()
        await opened

    asyncio.run(watch(Page(cookie_of(bob))))


def test_it_ends_when_the_session_ends(users):
    bob = users

    def deactivate():
        with open_act(SYSTEM) as act:
            actions.deactivate_user(act, bob)

    async def watch(page):
        opened = asyncio.create_task(page.open())
        await page.next()
        await page.next()
        await asyncio.sleep(0.5)
        await sync_to_async(deactivate)()
        while (message := await page.next())["more_body"]:
            pass
        assert message["body"].startswith(b"event: signed-out")
        await opened

    asyncio.run(watch(Page(cookie_of(bob))))


@pytest.fixture
def amara(users):
    with open_act(User.objects.get(role=Role.ADMIN).actor) as act:
        return create_record(act, record_type("people"), {"name": "Amara Okafor"})


def test_it_says_that_the_record_of_the_page_changed(users, amara):
    async def watch(page):
        opened = asyncio.create_task(page.open())
        await page.next()
        await asyncio.sleep(0.5)
        while not page.said.empty():
            page.said.get_nowait()
        await sync_to_async(wake_record)(uuid4())
        await sync_to_async(wake_record)(amara.pk)
        body = (await page.next())["body"]
        page.left.set()
        await opened
        return body

    said = asyncio.run(watch(Page(cookie_of(users), f"on=people/{amara.pk}")))
    assert said == f'event: record\ndata: {{"id": "{amara.pk}"}}\n\n'.encode()


def test_nobody_hears_of_a_record_that_they_cannot_see(users, amara, monkeypatch):
    monkeypatch.setitem(POLICIES, "own", {"*": Policy({"read": "own"})})
    stranger = User.objects.create_user("erin@northwind.example", role="own")
    where = f"on=people/{amara.pk}"
    assert asked(users, where) == (users, amara.pk)
    assert asked(stranger, where) == (stranger, None)
    for nonsense in (f"on=dragons/{amara.pk}", "on=people/1", "on=people", "on=", "on=\0"):
        assert asked(users, nonsense) == (users, None)


def asked(user, query):
    return _asked(Page(cookie_of(user), query).scope)


@pytest.mark.parametrize("cookie", ["", "session=made-up", "other=1"])
def test_strangers_hear_nothing(users, cookie):
    async def knock(page):
        await page.open()
        return await page.next()

    assert asyncio.run(knock(Page(cookie)))["status"] == 401
