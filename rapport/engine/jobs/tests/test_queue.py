"""Queuing jobs, and what the jobs page is told of them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from rapport.engine.jobs import actions, queries
from rapport.engine.jobs.jobs import clear_old_jobs
from rapport.engine.jobs.models import Failure, Progress
from rapport.engine.jobs.progress import JobReporter, Reporter
from rapport.engine.jobs.stalled import retry_stalled
from rapport.engine.jobs.stopping import Superseded
from rapport.engine.jobs.tests import sample_jobs
from rapport.engine.jobs.tests.support import run_waiting_jobs

pytestmark = pytest.mark.django_db


def test_a_job_shares_the_fate_of_the_transaction_that_queued_it():
    with transaction.atomic():
        sample_jobs.need.defer("/nowhere")
        transaction.set_rollback(True)
    assert queries.jobs() == []
    with transaction.atomic():
        sample_jobs.need.defer("/nowhere")
    assert [row.label for row in queries.jobs()] == ["Need a file"]


def test_wrong_arguments_fail_when_queued_and_not_at_night():
    with pytest.raises(TypeError):
        sample_jobs.need.defer(wrong=1)
    with pytest.raises(TypeError):
        sample_jobs.need.defer()
    with pytest.raises(TypeError):
        sample_jobs.need.defer(object())


def test_identifiers_arrive_as_identifiers(tmp_path):
    line = uuid4()
    sample_jobs.write_line.defer(str(tmp_path / "lines"), line=line)
    assert run_waiting_jobs() == 1
    assert sample_jobs.notes(tmp_path / "lines") == [f"UUID {line}"]


def test_a_job_with_a_key_waits_only_once_and_spoils_no_transaction(tmp_path):
    path = str(tmp_path / "needed")
    first = sample_jobs.need.defer_once("a", path)
    assert sample_jobs.need.defer_once("a", path) is None
    assert sample_jobs.need.defer_once("b", path) is not None
    assert first is not None
    assert len(queries.jobs()) == 2


def test_a_job_for_later_says_when(tmp_path):
    at = timezone.now() + timedelta(hours=1)
    job_id = sample_jobs.need.defer_at(at, str(tmp_path))
    row = queries.job(job_id)
    assert row.state == "waiting"
    assert row.scheduled_at == at
    actions.cancel(job_id)
    assert queries.job(job_id).state == "cancelled"


def test_only_failed_jobs_can_be_tried_again(tmp_path):
    job_id = sample_jobs.need.defer(str(tmp_path))
    with pytest.raises(actions.NotPossible):
        actions.retry(job_id)
    with pytest.raises(actions.NotPossible):
        actions.retry(10**9)


def test_pages_and_counts(tmp_path):
    ids = [sample_jobs.need.defer(str(tmp_path)) for _number in range(5)]
    page = queries.jobs(limit=2)
    assert [row.id for row in page] == [ids[4], ids[3]]
    assert [row.id for row in queries.jobs(before=page[-1].id)] == [ids[2], ids[1], ids[0]]
    actions.cancel(ids[0])
    assert queries.counts() == {"waiting": 4, "running": 0, "done": 0, "failed": 0, "cancelled": 1}
    assert [row.id for row in queries.jobs(state="cancelled")] == [ids[0]]


def test_a_page_of_jobs_costs_the_same_queries_however_many(tmp_path, django_assert_num_queries):
    for _number in range(20):
        sample_jobs.need.defer(str(tmp_path))
    with django_assert_num_queries(4):
        queries.jobs()


def running_job(tmp_path):
    job_id = sample_jobs.need.defer(str(tmp_path))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job_id])
    return job_id


def test_progress_is_shown_with_its_speed(tmp_path):
    job_id = running_job(tmp_path)
    reporter = JobReporter(job_id, attempts=0, worker_id=None)
    reporter.report(0, total=1000, message="Reading")
    reporter.problem("Row 7 has no name.")
    Progress.objects.filter(job_id=job_id).update(begun_at=timezone.now() - timedelta(seconds=10))
    reporter._row.begun_at = timezone.now() - timedelta(seconds=10)
    reporter.report(500, message="Writing")
    seen = queries.job(job_id).progress
    assert (seen.done, seen.total, seen.message, seen.problems) == (500, 1000, "Writing", ["Row 7 has no name."])
    assert seen.rows_per_second == pytest.approx(50, rel=0.05)
    assert seen.time_left == timedelta(seconds=10)


def test_many_reports_are_few_writes(tmp_path, django_assert_max_num_queries):
    reporter = JobReporter(running_job(tmp_path), attempts=0, worker_id=None)
    with django_assert_max_num_queries(12):
        for number in range(10_000):
            reporter.report(number, total=10_001)


def test_a_run_whose_job_was_given_to_another_ends(tmp_path):
    job_id = running_job(tmp_path)
    reporter = JobReporter(job_id, attempts=0, worker_id=None)
    reporter.report(1)
    assert retry_stalled() == 1
    with pytest.raises(Superseded):
        reporter.report(2, message="Still here")
    assert queries.job(job_id).progress.done == 1


def test_old_jobs_are_cleared_with_what_was_noted_about_them(tmp_path):
    old, young = (sample_jobs.write_line.defer(str(tmp_path / "lines"), uuid4()) for _job in range(2))
    run_waiting_jobs()
    for job_id in (old, young):
        Progress.objects.create(job_id=job_id, begun_at=timezone.now(), reported_at=timezone.now())
        Failure.objects.create(job_id=job_id, attempt=1, at=datetime(2026, 1, 1, tzinfo=UTC), error="once")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '8 days' WHERE job_id = %s", [old])
    clear_old_jobs.function(Reporter())
    assert queries.job(old) is None
    assert queries.job(young) is not None
    assert list(Progress.objects.values_list("job_id", flat=True)) == [young]
    assert list(Failure.objects.values_list("job_id", flat=True)) == [young]
