"""Audits that are kept: by the job of the month, by a button, by the command; mailed, shown, and only to some."""

import json
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from rapport.engine.accounts import actions
from rapport.engine.accounts.audit import Verdict, keeping, make_report
from rapport.engine.accounts.audit.keeping import (
    forget_old_reports,
    is_as_made,
    keep_report,
    keep_that_of_month,
    read_report,
)
from rapport.engine.accounts.audit.making import since_the_last
from rapport.engine.accounts.audit.report import MOST_ROWS, Column, Count, Report, Section, as_json, from_json, table
from rapport.engine.accounts.audit.text import as_text
from rapport.engine.accounts.jobs import audit_month, audit_now
from rapport.engine.accounts.models import ApiToken, AuditReport, Notification, Role
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.tests.support import at_once
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.queries import last_job
from rapport.engine.jobs.schedules import SCHEDULES, Monthly
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.outbox.mail import dispatch_mail
from rapport.engine.outbox.models import OutgoingMessage

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def orphan(dana, bob):
    """A token of a deactivated user that works: something to act on."""
    with open_act(bob.actor) as act:
        token, _secret = actions.create_token(act, bob, name="Program")
    with open_act(dana.actor) as act:
        actions.deactivate_user(act, bob)
    ApiToken.objects.filter(pk=token.pk).update(digest="0" * 64)
    return token


def kept(actor=SYSTEM, **options):
    with open_act(actor) as act:
        return keep_report(act, make_report(**options))


class TestTheReport:
    def test_it_is_the_same_after_json(self, dana, bob, orphan):
        report = make_report(full=True)
        assert from_json(json.loads(json.dumps(as_json(report)))) == report

    def test_tables_are_capped_and_say_how_many_there_are(self):
        made = table("Many", [Column("Number", "number")], ((number,) for number in range(MOST_ROWS + 7)))
        assert (len(made.rows), made.total, made.left_out) == (MOST_ROWS, MOST_ROWS + 7, 7)

    def test_the_text_fits_80_columns_and_says_all(self, dana, bob, orphan):
        text = as_text(make_report())
        assert max(map(len, text.splitlines())) <= 80
        for words in ("Who may see what: LOOK", "Tokens: ACT", "Journal: LOOK", "Program", "dana@northwind.example"):
            assert words in text
        assert "People" not in text.splitlines()[0]

    def test_a_wide_table_becomes_sentences_and_its_end_is_told(self):
        columns = [Column("Name"), Column("What it may"), Column("Rows", "number")]
        wide = table("Wide", columns, [("A" * 40, "B" * 40, 1234), ("C", "", None)], total=9)
        section = Section("x", "X", Verdict.GOOD, "Fine.", (Count("n", "Things", 9),), (wide,))
        lines = as_text(Report(NOON, NOON, False, 0.1, (section,))).splitlines()
        assert f"    {'A' * 40}. What it may:" in lines
        assert "Rows: 1,234" in " ".join(lines)
        assert "    C" in lines
        assert "    and 7 more" in lines


class TestTheMonth:
    def test_it_is_made_on_the_first_day(self):
        job, rule = SCHEDULES[audit_month.name]
        assert job is audit_month
        assert isinstance(rule, Monthly)

    def test_it_is_kept_by_an_act_and_mailed_once_to_each_active_administrator(self, dana, bob, mail_server):
        with open_act(SYSTEM) as act:
            second = actions.add_user(act, email="erin@northwind.example", name="Erin", role=Role.ADMIN)
            gone = actions.add_user(act, email="gone@northwind.example", name="Gone", role=Role.ADMIN)
            actions.deactivate_user(act, gone)
        audit_month.function(Reporter())
        audit_month.function(Reporter())
        row = AuditReport.objects.get()
        assert row.month == timezone.now().date().replace(day=1)
        assert JournalEntry.objects.filter(about_id=row.pk, kind="created", reason="audit").count() == 1
        while dispatch_mail():
            pass
        assert sorted(mail["To"] for mail in mail_server.mails) == [dana.email, second.email]
        mail = mail_server.mails[0]
        assert mail["Subject"].startswith("Audit of ")
        assert f"/settings/audit/{row.pk}/" in mail.get_content()
        assert "Who may see what: LOOK" in mail.get_content()

    def test_the_next_one_begins_where_the_last_ended(self, dana):
        assert since_the_last(NOON) == NOON - timedelta(days=31)
        keep_that_of_month(NOON)
        kept(until=NOON + timedelta(days=3))
        later = NOON + timedelta(days=30)
        assert since_the_last(later) == NOON
        assert keep_that_of_month(NOON + timedelta(days=1)) is None
        assert keep_that_of_month(later).since == NOON
        assert AuditReport.objects.filter(month__isnull=False).count() == 2

    def test_old_ones_are_taken_away_with_what_they_said(self, dana):
        old, new = kept(until=NOON - timedelta(days=1200)), kept(until=NOON)
        assert forget_old_reports(before=NOON - timedelta(days=1096)) == 1
        old.refresh_from_db()
        assert (old.is_deleted, old.content) == (True, {})
        assert keeping.find_report(old.pk) is None
        assert keeping.find_report(new.pk) == new


@pytest.mark.django_db(transaction=True)
def test_two_workers_keep_and_mail_it_once(dana, monkeypatch):
    together = Barrier(2, timeout=20)
    making = keeping.make_report

    def made_at_once(**options):
        report = making(**options)
        together.wait()
        return report

    monkeypatch.setattr(keeping, "make_report", made_at_once)
    found = at_once(keep_that_of_month, keep_that_of_month)
    assert sorted(one is None for one in found) == [False, True]
    assert AuditReport.objects.count() == OutgoingMessage.objects.count() == 1


class TestWhatIsKept:
    def test_the_journal_holds_its_digest_and_not_what_it_says(self, dana):
        row = kept()
        (entry,) = with_payloads(list(JournalEntry.objects.filter(about_id=row.pk)))
        assert entry.after["digest"] == row.digest
        assert "content" not in entry.after
        assert is_as_made(AuditReport.objects.get())

    def test_a_report_that_was_changed_is_told(self, dana, signed_in):
        row = kept()
        client = signed_in(dana)
        assert "was changed after it was made" not in client.get(f"/settings/audit/{row.pk}/").content.decode()
        content = {**row.content, "seconds": 99.0}
        AuditReport.objects.filter(pk=row.pk).update(content=content, digest=keeping.digest_of(content))
        assert "was changed after it was made" in client.get(f"/settings/audit/{row.pk}/").content.decode()

    def test_only_administrators_in_person_keep_one(self, dana, bob):
        with pytest.raises(NotAllowed):
            kept(bob.actor)
        with open_act(dana.actor) as act:
            token, _secret = actions.create_token(act, dana, name="Program", scope="write")
        with pytest.raises(NotAllowed):
            kept(token.actor)


class TestThePage:
    def test_it_says_what_there_is_when_there_is_none(self, dana, signed_in):
        assert "No audit yet" in signed_in(dana).get("/settings/audit/").content.decode()

    def test_it_shows_the_newest_and_any_other_by_its_address(self, dana, orphan, signed_in):
        old, new = kept(until=NOON - timedelta(days=30)), kept(until=NOON)
        client = signed_in(dana)
        page = client.get("/settings/audit/").content.decode()
        assert f'href="/settings/audit/{new.pk}/" class="on"' in page
        assert "Program" in page
        assert (
            f'href="/settings/audit/{old.pk}/" class="on"' in client.get(f"/settings/audit/{old.pk}/").content.decode()
        )
        assert client.get(f"/settings/audit/{dana.pk}/").status_code == 404

    def test_it_gives_the_report_as_a_file(self, dana, signed_in):
        row = kept(until=NOON)
        answer = signed_in(dana).get(f"/settings/audit/{row.pk}/report.json")
        assert answer["Content-Disposition"] == 'attachment; filename="audit-2026-11-01.json"'
        assert from_json(json.loads(answer.content)) == read_report(row)

    @pytest.mark.parametrize("full", [False, True])
    def test_the_button_makes_one_in_the_background(self, dana, signed_in, full):
        client = signed_in(dana)
        client.post("/settings/audit/make", {"full": "1"} if full else {})
        assert "The audit is being made" in client.get("/settings/audit/").content.decode()
        client.post("/settings/audit/make")
        assert "being made already" in client.get("/settings/audit/").content.decode()
        run_waiting_jobs()
        row = AuditReport.objects.get()
        assert (row.is_full, row.month, row.created_by) == (full, None, dana.pk)
        assert Notification.objects.get(user=dana).url == f"/settings/audit/{row.pk}/"
        assert "The audit is being made" not in client.get("/settings/audit/").content.decode()
        assert last_job(audit_now.name).state == "done"

    def test_members_do_not_see_it(self, bob, signed_in):
        row, client = kept(), signed_in(bob)
        for path in ("/settings/audit/", f"/settings/audit/{row.pk}/", f"/settings/audit/{row.pk}/report.json"):
            assert client.get(path).status_code == 403
        assert client.post("/settings/audit/make").status_code == 403
        assert "/settings/audit/" not in client.get("/people/").content.decode()


class TestTheCommand:
    def test_it_prints_and_keeps_nothing(self, dana, capsys):
        call_command("audit")
        said = capsys.readouterr().out
        assert said.startswith("Audit\n=====")
        assert "Administrators" in said
        assert not AuditReport.objects.exists()

    def test_its_exit_code_says_when_to_act(self, orphan, capsys):
        with pytest.raises(SystemExit) as ended:
            call_command("audit")
        assert ended.value.code == 1
        assert "Tokens: ACT" in capsys.readouterr().out

    def test_as_json(self, dana, capsys):
        call_command("audit", "--json", "--full", "--since", "2026-01-02")
        found = json.loads(capsys.readouterr().out)
        assert found["is_full"] is True
        assert found["since"].startswith("2026-01-02T00:00:00")
        assert {one["name"] for one in found["sections"]} >= {"access", "tokens", "journal", "taken_out"}

    def test_it_keeps_and_mails(self, dana, mail_server, capsys):
        call_command("audit", "--mail")
        row = AuditReport.objects.get()
        assert row.month is None
        dispatch_mail()
        assert [mail["To"] for mail in mail_server.mails] == [dana.email]
        assert "Kept, and queued for 1" in capsys.readouterr().err

    def test_a_day_that_is_none_is_refused(self, db):
        with pytest.raises(CommandError, match="is no day"):
            call_command("audit", "--since", "yesterday")


class TestTheApi:
    @pytest.fixture
    def program(self):
        def made(user):
            with open_act(user.actor) as act:
                _token, secret = actions.create_token(act, user, name="Program")
            return Client(headers={"Authorization": f"Bearer {secret}"})

        return made

    def test_programs_of_administrators_read_them(self, dana, program):
        row, client = kept(until=NOON), program(dana)
        (item,) = json.loads(client.get("/api/v1/audit-reports").content)["items"]
        assert (item["id"], item["until"], item["month"]) == (str(row.pk), "2026-11-01T12:00:00+00:00", None)
        assert "report" not in item
        found = json.loads(client.get(f"/api/v1/audit-reports/{row.pk}").content)
        assert from_json(found["report"]) == read_report(row)
        assert client.get(f"/api/v1/audit-reports/{dana.pk}").status_code == 404
        assert client.get("/api/v1/audit-reports?all=1").status_code == 400
        assert client.post("/api/v1/audit-reports").status_code == 405

    def test_others_do_not(self, dana, bob, program):
        row, client = kept(), program(bob)
        assert client.get("/api/v1/audit-reports").status_code == 403
        assert client.get(f"/api/v1/audit-reports/{row.pk}").status_code == 403
        assert "audit-reports" not in client.get("/api/v1/openapi.json").content.decode()
        described = json.loads(program(dana).get("/api/v1/openapi.json").content)
        assert set(described["paths"]["/audit-reports/{id}"]) == {"parameters", "get"}
        assert described["components"]["schemas"]["AuditReport"]["required"]
