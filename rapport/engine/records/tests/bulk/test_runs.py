"""A bulk edit in the background: what it is about stays what it was, it ends when asked, and goes back whole."""

import csv
import io
import threading

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from rapport.customers.models import Company, Person
from rapport.engine.accounts.models import Notification
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import CannotUndo, NotAllowed
from rapport.engine.events.ids import uuid7
from rapport.engine.events.undo import undo_batch, undo_in_slices
from rapport.engine.jobs.actions import cancel as cancel_job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.stopping import Cancelled
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records import gate
from rapport.engine.records.actions import change_record, create_record
from rapport.engine.records.bulk import doors
from rapport.engine.records.bulk.errors import BulkRefused
from rapport.engine.records.bulk.jobs import KEEP, clear_old_runs, take_up_abandoned, work
from rapport.engine.records.bulk.running import go_on
from rapport.engine.records.bulk.telling import refusals_csv, words_of
from rapport.engine.records.models import BulkRefusal, BulkRun, BulkSlice
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.bulk.conftest import asked, done

pytestmark = pytest.mark.django_db
People = record_type("people")


@pytest.fixture
def ten(alice):
    """Ten people, every second one a lead."""
    with open_act(alice.actor) as act:
        return [
            create_record(act, People, {"name": f"Person {n}", "stage": "customer" if n % 2 else "lead"})
            for n in range(10)
        ]


def begun(user, *args, **changes):
    return doors.start(user.actor, People, asked(user, *args, **changes))


def some_slices(run, count):
    """Work at a run until this many slices are done, then break off as a worker does that stops."""

    class Broken(BaseException):
        pass

    def report(_done):
        if run.slices_done >= count:
            raise Broken

    with pytest.raises(Broken):
        go_on(run, report)


def stages():
    return list(Person.objects.order_by("pk").values_list("stage", flat=True))


@pytest.mark.usefixtures("few_are_many")
class TestInSlices:
    """Slices of two."""

    def test_records_that_leave_the_filter_are_all_done(self, alice, ten):
        run = done(alice, where="stage = lead", stage=("set", "customer"))
        assert (run.state, run.total, run.done, run.counts) == ("done", 5, 5, {"changed": 5})
        assert stages() == ["customer"] * 10
        assert not BulkSlice.objects.exists()

    def test_records_that_come_into_the_filter_meanwhile_are_left(self, alice, make):
        """The edit of one company changes which others match: those that matched at first are meant."""
        above = make(alice, "companies", name="Above", industry="retail")
        below = [make(alice, "companies", name=f"Below {n}", parent=str(above.pk)) for n in range(4)]
        loose = [make(alice, "companies", name=f"Loose {n}") for n in range(3)]
        where = 'parent.industry = "retail" or name = "Above"'
        run = done(alice, where=where, slug="companies", industry=("clear", None), tags=("add", "seen"))
        assert run.counts == {"changed": 5}
        tagged = set(Company.objects.filter(tags__contains=["seen"]).values_list("pk", flat=True))
        assert tagged == {above.pk, *(one.pk for one in below)}
        assert loose

    def test_one_batch_goes_back_whole_and_again(self, alice, ten):
        before = stages()
        run = done(alice, stage=("set", "customer"), tags=("add", "ice"))
        with open_act(alice.actor) as act:
            undo_batch(act, run.batch)
        assert stages() == before
        assert all(one.tags == [] for one in Person.objects.all())
        with open_act(alice.actor) as again:
            undo_batch(again, act.batch)
        assert stages() == ["customer"] * 10

    def test_it_ends_when_asked_and_what_is_done_can_go_back(self, alice, ten):
        before, run = stages(), begun(alice, stage=("set", "customer"))
        some_slices(run, 2)
        doors.cancel(run)
        run_waiting_jobs()
        run.refresh_from_db()
        assert (run.state, run.done, run.slices_done) == ("cancelled", 4, 2)
        assert stages().count("customer") == 7
        assert not BulkSlice.objects.exists()
        with pytest.raises(BulkRefused):
            doors.cancel(run)
        with pytest.raises(BulkRefused):
            doors.resume(run)
        undo_in_slices(alice.actor, run.batch)
        assert stages() == before

    def test_undo_waits_for_the_end(self, alice, ten):
        run = begun(alice, stage=("set", "customer"))
        some_slices(run, 2)
        with open_act(alice.actor) as act, pytest.raises(CannotUndo, match="still changes records"):
            undo_batch(act, run.batch)
        run_waiting_jobs()
        with open_act(alice.actor) as act:
            undo_batch(act, run.batch)
        assert stages() == ["lead", "customer"] * 5

    def test_a_worker_that_stops_is_followed_by_another(self, alice, ten):
        run = begun(alice, stage=("set", "customer"))
        some_slices(run, 3)
        run_waiting_jobs()
        run.refresh_from_db()
        assert (run.state, run.counts) == ("done", {"changed": 5, "same": 5})
        assert {one.version for one in Person.objects.filter(stage="customer")} == {1, 2}

    def test_two_workers_at_one_run_do_nothing_twice(self, alice, ten):
        run = begun(alice, tags=("add", "ice"))
        some_slices(run, 1)
        late = BulkRun.objects.get(pk=run.pk)
        some_slices(run, 2)
        go_on(late)
        assert BulkRun.objects.get(pk=run.pk).slices_done == 2
        run_waiting_jobs()
        assert {one.version for one in Person.objects.all()} == {2}

    def test_a_role_that_changed_meanwhile_counts(self, alice, ten, monkeypatch):
        run = begun(alice, stage=("set", "customer"), tags=("add", "ice"))
        some_slices(run, 2)
        locked = gate.Policy(gate.FULL.reach, locked=frozenset({"stage"}))
        monkeypatch.setitem(gate.POLICIES, "member", {"*": locked})
        run_waiting_jobs()
        run.refresh_from_db()
        assert (run.state, run.error) == ("stopped", "Your role no longer lets you change “Stage”.")
        assert Person.objects.filter(tags__contains=["ice"]).count() == 4
        assert Notification.objects.get(user=alice).title == "Your bulk edit stopped"
        monkeypatch.setitem(gate.POLICIES, "member", {"*": gate.FULL})
        doors.resume(run)
        run_waiting_jobs()
        assert Person.objects.filter(tags__contains=["ice"]).count() == 10

    def test_records_that_were_given_away_or_deleted_meanwhile_are_left(self, charlie, alice):
        with open_act(charlie.actor) as act:
            own = [create_record(act, People, {"name": f"Mine {n}", "owner": "me"}) for n in range(6)]
        run = begun(charlie, tags=("add", "ice"))
        some_slices(run, 1)
        with open_act(alice.actor) as act:
            act.change([own[3]], owner_id=alice.pk)
            act.delete([own[4]])
        run_waiting_jobs()
        run.refresh_from_db()
        assert run.counts == {"changed": 4, "gone": 2}
        assert [one.tags for one in Person.objects.order_by("pk")] == [["ice"]] * 3 + [[], [], ["ice"]]

    def test_who_may_no_longer_sign_in_stops_it(self, alice, ten):
        run = begun(alice, stage=("set", "customer"))
        type(alice).objects.filter(pk=alice.pk).update(deactivated_at=timezone.now())
        run_waiting_jobs()
        run.refresh_from_db()
        assert run.state == "stopped"
        assert "no longer sign in" in run.error

    def test_what_was_taken_back_is_not_gone_on_with(self, alice, ten, monkeypatch):
        run = begun(alice, stage=("set", "customer"))
        some_slices(run, 2)
        cancel_job(ProcrastinateJob.objects.get(task_name=work.name).pk)
        take_up_abandoned()
        run.refresh_from_db()
        assert (run.state, run.error[:27]) == ("stopped", "The work was broken off. Wh")
        with open_act(alice.actor) as act:
            undo_batch(act, run.batch)
        with pytest.raises(BulkRefused, match="taken back"):
            doors.resume(run)

    def test_a_job_that_is_cancelled_on_the_page_of_jobs_stops_it(self, alice, ten):
        class Ending(Reporter):
            def report(self, done, *, total=None, message=None):
                if done:
                    raise Cancelled

        run = begun(alice, tags=("add", "ice"))
        with pytest.raises(Cancelled):
            work.function(Ending(), run_id=run.pk)
        run.refresh_from_db()
        assert (run.state, run.done) == ("stopped", 2)
        doors.resume(run)
        run_waiting_jobs()
        assert Person.objects.filter(tags=["ice"], version=2).count() == 10

    def test_a_run_whose_job_is_lost_gets_another(self, alice, ten):
        run = begun(alice, stage=("set", "customer"))
        take_up_abandoned()
        assert ProcrastinateJob.objects.filter(task_name=work.name).count() == 1
        ProcrastinateJob.objects.all().delete()
        take_up_abandoned()
        run_waiting_jobs()
        run.refresh_from_db()
        assert run.state == "done"

    def test_the_bell_tells(self, alice, ten):
        run = done(alice, where="stage = lead", stage=("set", "customer"))
        told = Notification.objects.get(user=alice)
        assert (told.title, told.body, told.url) == (
            "Your bulk edit is done", "5 records were changed.", f"/bulk/{run.pk}/",
        )  # fmt: skip

    def test_delete_and_restore_over_a_whole_list(self, alice, ten):
        run = done(alice, "delete", where="stage = lead")
        assert (run.counts, words_of(run)) == ({"changed": 5}, "5 records were deleted.")
        assert Person.objects.filter(deleted_at=None).count() == 5
        back = done(alice, "restore")
        assert (back.counts, words_of(back)) == ({"changed": 5}, "5 records are back.")
        assert Person.objects.filter(deleted_at=None).count() == 10
        assert {one.deleted_batch for one in Person.objects.all()} == {None}
        with open_act(alice.actor) as act:
            undo_batch(act, back.batch)
        assert Person.objects.filter(deleted_at=None).count() == 5


class TestRefusals:
    """Records that stay as they are, each with a reason, while the rest goes on."""

    @pytest.mark.parametrize("in_slices", [False, True], ids=["at once", "in slices"])
    def test_the_rest_goes_on(self, alice, make, in_slices, request):
        if in_slices:
            request.getfixturevalue("few_are_many")
        top = make(alice, "companies", name="Top")
        middle = make(alice, "companies", name="Middle", parent=str(top.pk))
        low = make(alice, "companies", name="Low", parent=str(middle.pk))
        free = make(alice, "companies", name="Free")
        run = done(alice, slug="companies", parent=("set", str(low.pk)))
        assert run.counts == {"changed": 1, "refused": 3}
        assert Company.objects.get(pk=free.pk).parent_id == low.pk
        rows = list(csv.reader(io.StringIO("".join(refusals_csv(alice.actor, run)))))
        assert rows[0] == ["Rapport ID", "Name", "Reason"]
        assert {row[1] for row in rows[1:]} == {"Top", "Middle", "Low"}
        assert {row[2] for row in rows[1:]} == {"This would make the company its own parent."}

    def test_what_the_reader_may_no_longer_see_is_not_in_the_file(self, charlie, alice, own_fields):
        with open_act(charlie.actor) as act:
            _first, _second, third = (
                create_record(act, People, {"name": name, "owner": "me"}) for name in ("One", "Two", "Canary")
            )
        run = done(charlie, x_code=("set", "A-1"))
        assert run.counts == {"changed": 1, "refused": 2}
        with open_act(alice.actor) as act:
            act.change([third], owner_id=alice.pk)
        told = "".join(refusals_csv(charlie.actor, run))
        assert "Two" in told
        assert "Canary" not in told

    def test_only_the_first_are_kept(self, alice, own_fields, ten, monkeypatch):
        monkeypatch.setattr("rapport.engine.records.bulk.running.MOST_REFUSALS", 4)
        run = done(alice, x_code=("set", "A-1"))
        assert (run.counts, BulkRefusal.objects.count()) == ({"changed": 1, "refused": 9}, 4)

    def test_restoring_what_must_be_unique(self, alice, make, own_fields):
        gone = [make(alice, "people", name="Gone", x_code="A-1")]
        with open_act(alice.actor) as act:
            act.delete(gone)
        gone.append(make(alice, "people", name="Gone too", x_code="A-1"))
        with open_act(alice.actor) as act:
            act.delete(gone[1:])
        run = done(alice, "restore")
        assert run.counts == {"changed": 1, "refused": 1}
        assert Person.objects.filter(deleted_at=None).count() == 1


class TestWhoMay:
    """The gate."""

    def test_a_stranger_reaches_what_is_theirs(self, charlie, alice, make):
        own = make(charlie, "people", name="Own", owner="me")
        other = make(alice, "people", name="Other", owner="me")
        run = done(charlie, keys=[own.pk, other.pk], tags=("add", "ice"))
        assert run.counts == {"changed": 1}
        assert Person.objects.get(pk=other.pk).tags == []

    def test_records_that_are_seen_but_not_changed_are_left_out(self, alice, charlie, make, monkeypatch):
        seeing = gate.Policy(dict.fromkeys(gate.EVERY_VERB, "own") | {"read": "all"})
        monkeypatch.setitem(gate.POLICIES, "stranger", {"*": seeing})
        make(charlie, "people", name="Own", owner="me")
        make(alice, "people", name="Other", owner="me")
        for deed, changes in (("edit", {"tags": ("add", "ice")}), ("delete", {})):
            run = done(charlie, deed, **changes)
            assert run.counts == {"changed": 1, "beyond": 1}
        assert Person.objects.filter(deleted_at=None).get().name == "Other"

    def test_a_role_without_the_verb(self, alice, make, monkeypatch):
        make(alice, "people", name="Amara")
        reading = gate.Policy({"read": "all"})
        monkeypatch.setitem(gate.POLICIES, "member", {"*": reading})
        for deed in ("delete", "restore"):
            with pytest.raises(NotAllowed):
                doors.start(alice.actor, People, asked(alice, deed))


def test_a_run_is_seen_by_who_asked_and_administrators(alice, charlie, dana, ten):
    run = done(alice, tags=("add", "ice"))
    assert doors.find_run(alice.actor, run.pk) == doors.find_run(dana.actor, run.pk) == run
    assert doors.find_run(charlie.actor, run.pk) is None


def test_what_is_a_month_old_is_cleared(alice, ten):
    run, fresh = done(alice, tags=("add", "ice")), done(alice, tags=("add", "snow"))
    BulkRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - KEEP - KEEP)
    clear_old_runs.defer()
    run_waiting_jobs()
    assert list(BulkRun.objects.all()) == [fresh]


def test_the_same_deed_asked_for_twice_is_done_once_and_anew_once_it_was_taken_back(alice, ten):
    ask = asked(alice, tags=("add", "ice"))
    batch = uuid7()
    first = doors.start(alice.actor, People, ask, batch=batch)
    assert doors.start(alice.actor, People, ask, batch=batch).pk == first.pk
    with open_act(alice.actor) as act:
        undo_batch(act, first.batch)
    again = doors.start(alice.actor, People, ask, batch=batch)
    assert (again.pk == first.pk, again.counts) == (False, {"changed": 10})


@pytest.mark.django_db(transaction=True)
def test_two_at_once_over_the_same_records(alice, few_are_many, ten):
    """Both are done, each to every record, in whichever order."""
    runs = [begun(alice, tags=("add", word)) for word in ("ice", "snow")]
    faults = []

    def working(run):
        try:
            go_on(run)
        except BaseException as fault:  # noqa: BLE001 — told below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=working, args=[run]) for run in runs]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not faults
    assert [BulkRun.objects.get(pk=run.pk).counts for run in runs] == [{"changed": 10}] * 2
    assert {tuple(sorted(one.tags)) for one in Person.objects.all()} == {("ice", "snow")}
    assert {one.version for one in Person.objects.all()} == {3}


def test_what_others_change_meanwhile_is_not_overwritten(alice, dana, few_are_many, ten):
    run = begun(alice, tags=("add", "ice"))
    some_slices(run, 1)
    with open_act(dana.actor) as act:
        change_record(act, People, ten[8], {"tags": "theirs", "source": "theirs"})
    run_waiting_jobs()
    assert (Person.objects.get(pk=ten[8].pk).tags, run.error) == (["theirs", "ice"], "")
