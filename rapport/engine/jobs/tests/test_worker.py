"""The worker as a process: started, stopped, killed, cut off from its database."""

import signal

import pytest
from django.db import connection

from rapport.engine.jobs import actions, queries, stalled
from rapport.engine.jobs.models import LoopTrouble
from rapport.engine.jobs.tests import sample_jobs
from rapport.engine.jobs.tests.sample_jobs import notes
from rapport.engine.jobs.tests.support import let_workers_fall_silent, wait_until, worker

pytestmark = pytest.mark.django_db(transaction=True)


def state(job_id):
    return queries.job(job_id).state


def wait_for(job_id, wanted):
    wait_until(lambda: state(job_id) == wanted, what=f"job {job_id} is {wanted}")


def test_runs_what_is_queued_before_and_after_its_start(tmp_path):
    early = sample_jobs.write_line.defer(str(tmp_path / "early"), line="0192f0c1-2345-7000-8000-0000000000aa")
    with worker(tmp_path) as process:
        wait_for(early, "done")
        late = sample_jobs.write_line.defer(str(tmp_path / "late"), line="0192f0c1-2345-7000-8000-0000000000bb")
        wait_for(late, "done")
        assert process.stop() == 0, process.said()
    assert notes(tmp_path / "early") == ["UUID 0192f0c1-2345-7000-8000-0000000000aa"]
    assert len(notes(tmp_path / "late")) == 1


def test_a_killed_worker_loses_nothing(tmp_path):
    lines = tmp_path / "lines"
    job_id = sample_jobs.count.defer(str(lines), slices=40)
    with worker(tmp_path) as process:
        wait_until(lambda: len(notes(lines)) > 5, what="some slices are done")
        process.kill()
    assert state(job_id) == "running"
    assert len(notes(lines)) < 40
    let_workers_fall_silent()
    with worker(tmp_path):
        wait_for(job_id, "done")
    assert notes(lines) == [str(number) for number in range(40)]
    assert queries.job(job_id).attempts == 2


def test_a_job_of_a_living_worker_is_not_taken_from_it(tmp_path):
    lines = tmp_path / "lines"
    job_id = sample_jobs.count.defer(str(lines), slices=60)
    with worker(tmp_path), worker(tmp_path):
        wait_for(job_id, "done")
    assert notes(lines) == [str(number) for number in range(60)]
    assert queries.job(job_id).attempts == 1


def test_a_job_over_which_workers_keep_dying_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(stalled, "MOST_DEATHS", 2)
    job_id = sample_jobs.sleep.defer(str(tmp_path / "lines"))
    for _death in range(2):
        with worker(tmp_path) as process:
            wait_until(lambda: state(job_id) == "running", what="it runs")
            process.kill()
        let_workers_fall_silent()
        stalled.retry_stalled()
    row = queries.job(job_id)
    assert row.state == "failed"
    assert "ended while it ran" in row.error


def test_a_worker_that_wakes_from_the_dead_does_not_touch_what_was_given_to_another(tmp_path):
    lines = tmp_path / "lines"
    job_id = sample_jobs.count.defer(str(lines), slices=80)
    with worker(tmp_path) as zombie:
        wait_until(lambda: len(notes(lines)) > 3, what="some slices are done")
        zombie.process.send_signal(signal.SIGSTOP)
        let_workers_fall_silent()
        with worker(tmp_path):
            wait_until(lambda: queries.job(job_id).attempts == 1, what="it was given to another worker")
            before = len(notes(lines))
            wait_until(lambda: len(notes(lines)) > before + 2, what="the other one goes on")
            zombie.process.send_signal(signal.SIGCONT)
            wait_for(job_id, "done")
    assert queries.job(job_id).attempts == 2
    assert {int(line) for line in notes(lines)} == set(range(80))
    assert len(notes(lines)) <= 82


def test_a_stop_gives_running_work_back_after_its_slice(tmp_path):
    lines = tmp_path / "lines"
    job_id = sample_jobs.count.defer(str(lines), slices=60)
    with worker(tmp_path) as process:
        wait_until(lambda: len(notes(lines)) > 3, what="some slices are done")
        assert process.stop() == 0, process.said()
    assert state(job_id) == "waiting"
    assert len(notes(lines)) < 60
    assert queries.job(job_id).error == ""
    with worker(tmp_path):
        wait_for(job_id, "done")
    assert notes(lines) == [str(number) for number in range(60)]


def test_a_job_that_does_not_listen_delays_no_stop(tmp_path):
    lines = tmp_path / "lines"
    job_id = sample_jobs.sleep.defer(str(lines))
    with worker(tmp_path) as process:
        wait_until(lambda: notes(lines), what="it sleeps")
        assert process.stop(signal.SIGINT) == 0, process.said()
    assert notes(lines) == ["asleep"]
    with worker(tmp_path):
        wait_until(lambda: notes(lines) == ["asleep"] * 2, what="the next worker took it over at once")
    assert state(job_id) == "running"


def test_a_running_job_is_cancelled_between_slices(tmp_path):
    lines = tmp_path / "lines"
    job_id = sample_jobs.count.defer(str(lines), slices=10_000)
    with worker(tmp_path):
        wait_until(lambda: notes(lines), what="it runs")
        actions.cancel(job_id)
        wait_for(job_id, "cancelled")
    assert queries.job(job_id).progress.done < 10_000
    with pytest.raises(actions.NotPossible):
        actions.cancel(job_id)


def test_a_failure_is_shown_and_a_person_tries_again(tmp_path):
    needed = tmp_path / "needed"
    job_id = sample_jobs.need.defer(str(needed))
    with worker(tmp_path):
        wait_for(job_id, "failed")
        row = queries.job(job_id)
        assert row.error == f"{needed} is missing."
        assert "ValueError" in row.details
        assert row.can_retry
        needed.touch()
        actions.retry(job_id)
        wait_for(job_id, "done")
    assert queries.job(job_id).error == ""


def test_jobs_with_one_lock_run_one_by_one(tmp_path):
    lines = tmp_path / "lines"
    ids = [sample_jobs.one_by_one.defer(str(lines)) for _job in range(3)]
    with worker(tmp_path):
        wait_until(lambda: all(state(one) == "done" for one in ids), what="all are done")
    assert notes(lines) == ["in", "out"] * 3


def test_work_goes_on_after_the_database_dropped_every_connection(tmp_path):
    lines = tmp_path / "lines"
    with worker(tmp_path) as process:
        wait_until(lambda: notes(process.ticks), what="the loop ran once")
        job_id = sample_jobs.count.defer(str(lines), slices=30)
        wait_until(lambda: notes(lines), what="the job runs")
        for _cut in range(2):
            drop_other_connections()
            wait_until(lambda: len(notes(lines)) > 10, what="the job goes on")
        before = len(notes(process.ticks))
        notify_until(lambda: len(notes(process.ticks)) > before)
        wait_for(job_id, "done")
        again = sample_jobs.write_line.defer(str(tmp_path / "late"), line="0192f0c1-2345-7000-8000-0000000000bb")
        wait_for(again, "done")
        assert process.process.poll() is None
    assert notes(lines) == [str(number) for number in range(30)]
    assert not LoopTrouble.objects.exists()


def test_a_notification_wakes_a_loop_that_would_sleep_for_an_hour(tmp_path):
    with worker(tmp_path) as process:
        wait_until(lambda: notes(process.ticks), what="the loop ran once")
        notify_until(lambda: len(notes(process.ticks)) > 2)
        before = len(notes(process.ticks))
        notify()
        wait_until(lambda: len(notes(process.ticks)) > before, what="the loop woke")


def notify():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('sample', '')")


def notify_until(holds):
    def told():
        notify()
        return holds()

    wait_until(told, what="the loop hears again")


def drop_other_connections():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE usename = current_user AND pid <> pg_backend_pid()"
        )
