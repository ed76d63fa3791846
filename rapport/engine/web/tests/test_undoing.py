"""Undoing from a page: a large batch goes to a job, and a page shows how far it is."""

import re
from urllib.parse import urlsplit

import pytest

from rapport.customers.models import Person
from rapport.engine.accounts.models import Notification
from rapport.engine.events.act import open_act
from rapport.engine.events.undo import batches, large
from rapport.engine.jobs.actions import cancel
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records import gate
from rapport.engine.records.actions import change_record, create_record
from rapport.engine.records.registry import record_type
from rapport.engine.web.tests.markup import Page

People = record_type("people")
FEW = 3


def text_of(page):
    if page.status_code == 200:
        assert Page(page.content.decode()).all_faults() == []
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def make_people(user, count=10, **values):
    """Some people in one batch."""
    with open_act(user.actor, reason="A fair") as act:
        return act.batch, [create_record(act, People, {"name": f"Person {n}", **values}) for n in range(count)]


def live():
    return Person.objects.filter(deleted_at=None).count()


class TestInTheBackground:
    """More changes than one transaction should take back."""

    @pytest.fixture(autouse=True)
    def _few_are_many(self, monkeypatch):
        monkeypatch.setattr(large, "AT_ONCE", FEW)
        monkeypatch.setattr(batches, "CHUNK", FEW)

    @pytest.fixture
    def made(self, alice):
        return make_people(alice)[0]

    def test_a_page_follows_it_to_the_end_and_the_bell_tells(self, alice, browse, made):
        client = browse(alice)
        answer = client.post(f"/batches/{made}/undo")
        assert (answer.status_code, urlsplit(answer["Location"]).path) == (302, f"/batches/{made}/")
        waiting = client.get(f"/batches/{made}/")
        assert "Taking the changes back" in text_of(waiting)
        assert "<progress" in waiting.content.decode()
        assert 'hx-trigger="every 1s"' in waiting.content.decode()
        assert live() == 10
        run_waiting_jobs()
        done = client.get(f"/batches/{made}/")
        assert "10 changes taken back" in text_of(done)
        assert "hx-trigger" not in done.content.decode().split("<main")[1]
        assert live() == 0
        told = Notification.objects.get(user=alice)
        assert (told.title, told.body, told.url) == (
            "The changes are taken back", "Undone: 10 changes.", f"/batches/{made}/",
        )  # fmt: skip
        undoing = re.search(r'action="/batches/([^/"]+)/undo"', done.content.decode()).group(1)
        client.post(f"/batches/{undoing}/undo")
        run_waiting_jobs()
        assert live() == 10

    def test_a_second_click_leads_to_the_same_page_and_does_nothing(self, alice, browse, made):
        client = browse(alice)
        client.post(f"/batches/{made}/undo")
        again = client.post(f"/batches/{made}/undo", follow=True)
        assert again.redirect_chain[-1][0] == f"/batches/{made}/"
        assert "These changes are being taken back already." in text_of(again)
        run_waiting_jobs()
        assert live() == 0
        assert "already been undone" in text_of(client.post(f"/batches/{made}/undo", follow=True))
        assert Notification.objects.count() == 1

    def test_only_who_made_it_or_an_administrator_sees_it(self, alice, charlie, dana, browse, made):
        assert browse(charlie).post(f"/batches/{made}/undo").status_code == 403
        assert browse(alice).get(f"/batches/{made}/").status_code == 404
        browse(alice).post(f"/batches/{made}/undo")
        assert browse(dana).get(f"/batches/{made}/").status_code == 200
        assert browse(charlie).get(f"/batches/{made}/").status_code == 404

    def test_one_that_was_cancelled_can_go_on(self, alice, browse, made):
        client = browse(alice)
        client.post(f"/batches/{made}/undo")
        cancel(large.last_job(large.undo_large.name, batch=made).id)
        stopped = client.get(f"/batches/{made}/")
        assert "stopped" in text_of(stopped)
        assert f'action="/batches/{made}/undo"' in stopped.content.decode()
        client.post(f"/batches/{made}/undo")
        run_waiting_jobs()
        assert live() == 0

    def test_what_stays_is_named(self, alice, dana, browse):
        batch, people = make_people(alice)
        with open_act(dana.actor) as act:
            change_record(act, People, people[4], {"source": "mine"})
        client = browse(alice)
        client.post(f"/batches/{batch}/undo")
        run_waiting_jobs()
        done = text_of(client.get(f"/batches/{batch}/"))
        assert "9 changes taken back" in done
        assert "1 kept as they are now" in done
        assert "Person 4" in done
        assert Notification.objects.get(user=alice).body == "Undone: 9 changes. 1 value is kept as it is."


class TestReach:
    """A batch of one's own goes back as far as its records may still be changed."""

    def undo(self, browse, user, batch):
        return text_of(browse(user).post(f"/batches/{batch}/undo", follow=True))

    def test_a_record_that_was_given_to_somebody_else_stays(self, alice, charlie, browse):
        batch, (_mine, given) = make_people(charlie, 2, owner="me", source="fair")
        with open_act(alice.actor) as act:
            change_record(act, People, given, {"owner": str(alice.pk), "source": "Canary"})
        with open_act(charlie.actor) as act:
            assert not gate.visible(charlie.actor, People).filter(pk=given.pk).exists()
        said = self.undo(browse, charlie, batch)
        assert "Undone: 1 change. 1 record is no longer yours to change and is kept." in said
        assert "Canary" not in said
        assert [one.is_deleted for one in Person.objects.order_by("pk")] == [True, False]

    def test_changes_and_deletions_of_what_is_out_of_reach_stay(self, alice, charlie, browse):
        _batch, (changed, deleted) = make_people(charlie, 2, owner="me", source="fair")
        with open_act(charlie.actor) as act:
            change_record(act, People, changed, {"source": "web"})
            act.delete(deleted)
        with open_act(alice.actor) as giving:
            giving.change([changed, deleted], owner_id=alice.pk)
        assert "2 records are no longer yours" in self.undo(browse, charlie, act.batch)
        assert Person.objects.get(pk=changed.pk).source == "web"
        assert Person.objects.get(pk=deleted.pk).is_deleted

    def test_a_child_goes_with_its_parent(self, alice, charlie, browse):
        _batch, [person] = make_people(charlie, 1, owner="me")
        with open_act(charlie.actor) as act:
            note = create_record(
                act, record_type("notes"), {"about_type": "people", "about_id": str(person.pk), "text": "Hello"}
            )
        with open_act(alice.actor) as giving:
            giving.change(person, owner_id=alice.pk)
        self.undo(browse, charlie, act.batch)
        note.refresh_from_db()
        assert not note.is_deleted

    def test_who_reaches_everything_takes_everything_back(self, alice, charlie, dana, browse):
        batch, [person] = make_people(charlie, 1, owner="me")
        with open_act(alice.actor) as act:
            act.change(person, owner_id=None)
        with open_act(alice.actor) as act:
            act.change(person, owner_id=charlie.pk)
        assert "Undone: 1 change." in self.undo(browse, dana, batch)
        assert live() == 0
