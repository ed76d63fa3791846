"""What leaves the house, and who is shown sensitive values, through the doors."""

import json
import threading
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from rapport.engine.accounts import actions
from rapport.engine.accounts.audit import Verdict, reads
from rapport.engine.accounts.audit.reads import forget_old_reads, keep_last_reads, keep_reads
from rapport.engine.accounts.jobs import clear_old_access
from rapport.engine.accounts.models import SensitiveRead
from rapport.engine.accounts.tests.audit.conftest import counts, rows
from rapport.engine.events.act import open_act
from rapport.engine.jobs.progress import Reporter
from rapport.engine.records.custom.actions import change_field
from rapport.engine.records.definitions import forget

pytestmark = pytest.mark.django_db


def seen_by(user):
    """How many records somebody was shown, by door."""
    keep_reads()
    return dict(SensitiveRead.objects.filter(user_id=user.pk).values_list("door", "records"))


def exported(client, address):
    return b"".join(client.get(address).streaming_content)


class TestExports:
    def test_the_largest_with_who_what_and_how_many(self, dana, bob, signed_in, make, settings, section):
        settings.AUDIT_LARGE_EXPORT = 2
        for name in ("Amara", "Bruno"):
            make(dana, "people", name=name)
        exported(signed_in(bob), "/people/export.csv?where=name+%3D+Amara")
        assert section("taken_out").verdict is Verdict.GOOD
        exported(signed_in(dana), "/people/export.xlsx")
        signed_in(bob).get("/people/chart.csv?layout=chart&by=stage")
        found = section("taken_out")
        assert found.verdict is Verdict.LOOK
        assert counts(found)["exports"] == 2
        assert counts(found)["large"] == 1
        largest = rows(found, "Exports, the largest first")
        assert largest[0][:5] == ("Dana", "people", "", "xlsx", 2)
        assert ("Bob", "people", "name = Amara", "csv", 1) in [row[:5] for row in largest]

    def test_what_an_earlier_version_noted_has_no_number(self, dana, section):
        from dataclasses import dataclass
        from uuid import UUID

        from rapport.engine.events.facts import FACTS, Fact
        from rapport.engine.events.ids import uuid7

        known = FACTS.pop("records.exported")

        @dataclass(frozen=True)
        class Earlier(Fact, kind="records.exported", about="records.export"):
            export: UUID
            record_type: str
            where: str
            format: str

        FACTS["records.exported"] = known
        with open_act(dana.actor) as act:
            act.happened(Earlier(uuid7(), "people", "", "csv"))
        found = section("taken_out")
        assert rows(found, "Exports, the largest first")[0][4] is None
        assert found.verdict is Verdict.GOOD


class TestSensitiveReads:
    @pytest.fixture
    def people(self, health, dana, make):
        return [
            make(dana, "people", name="Amara", x_health="Asthma"),
            make(dana, "people", name="Bruno", x_health="Well"),
            make(dana, "people", name="Chiara"),
        ]

    def test_a_page_of_a_record_counts_once(self, people, bob, signed_in):
        signed_in(bob).get(f"/people/{people[0].pk}/")
        assert seen_by(bob) == {"page": 1}
        signed_in(bob).get(f"/people/{people[2].pk}/")
        assert seen_by(bob) == {"page": 1}

    def test_a_list_counts_only_where_the_column_is_shown(self, people, bob, signed_in):
        signed_in(bob).get("/people/")
        assert seen_by(bob) == {}
        signed_in(bob).get("/people/?columns=name&columns=x_health")
        assert seen_by(bob) == {"page": 2}
        signed_in(bob).get("/people/?columns=name&columns=x_health&group=stage")
        assert seen_by(bob) == {"page": 4}

    def test_one_field_counts(self, people, bob, signed_in):
        signed_in(bob).get(f"/people/{people[0].pk}/field/x_health")
        signed_in(bob).get(f"/people/{people[0].pk}/edit/x_health")
        signed_in(bob).get(f"/people/{people[0].pk}/edit/source")
        assert seen_by(bob) == {"page": 2}

    def test_the_api_and_exports_count_for_the_user_behind_them(self, people, bob, signed_in):
        with open_act(bob.actor) as act:
            _token, secret = actions.create_token(act, bob, name="Program")
        client = Client(headers={"Authorization": f"Bearer {secret}"})
        assert len(json.loads(client.get("/api/v1/people").content)["items"]) == 3
        client.get(f"/api/v1/people/{people[0].pk}?fields=name")
        client.get(f"/api/v1/people/{people[0].pk}")
        exported(signed_in(bob), "/people/export.csv")
        assert seen_by(bob) == {"api": 3, "export": 2}

    def test_who_looks_on_as_somebody_answers_for_it(self, people, dana, bob, signed_in):
        client = signed_in(dana)
        client.post(f"/settings/users/{bob.pk}/view-as")
        client.get(f"/people/{people[0].pk}/")
        assert seen_by(bob) == {}
        assert seen_by(dana) == {"page": 1}

    def test_a_page_without_such_a_field_counts_and_asks_nothing(
        self, people, health, dana, bob, signed_in, django_assert_num_queries
    ):
        with open_act(dana.actor) as act:
            change_field(act, health, {"personal": "contact"})
        forget()
        signed_in(bob).get(f"/people/{people[0].pk}/")
        with django_assert_num_queries(0):
            assert keep_reads() == 0

    def test_counting_writes_nothing_until_it_is_time(self, people, bob, signed_in):
        for _look in range(3):
            signed_in(bob).get(f"/people/{people[0].pk}/")
        assert not SensitiveRead.objects.exists()
        assert keep_reads() == 3
        assert keep_reads() == 0
        assert SensitiveRead.objects.get().records == 3

    def test_what_cannot_be_written_is_kept(self, people, bob, signed_in, monkeypatch):
        signed_in(bob).get(f"/people/{people[0].pk}/")
        monkeypatch.setattr(reads, "KEEP", "SELECT 1 / 0")
        with pytest.raises(DatabaseError), transaction.atomic():
            keep_reads()
        monkeypatch.undo()
        assert keep_reads() == 1

    def test_old_counts_are_forgotten(self, bob):
        for days in (10, 400):
            SensitiveRead.objects.create(
                user_id=bob.pk, day=timezone.now().date() - timedelta(days=days), record_type="people", door="page",
                records=1,
            )  # fmt: skip
        clear_old_access.function(Reporter())
        assert SensitiveRead.objects.count() == 1
        forget_old_reads(before=date(9999, 1, 1))
        assert not SensitiveRead.objects.exists()


class TestUnusualReads:
    def read(self, user, ago, records):
        SensitiveRead.objects.create(
            user_id=user.pk, day=timezone.now().date() - timedelta(days=ago), record_type="people", door="page",
            records=records,
        )  # fmt: skip

    def test_many_in_a_day_are_told(self, health, bob, settings, section):
        self.read(bob, 2, settings.AUDIT_MANY_READS - 1)
        assert section("sensitive").verdict is Verdict.GOOD
        self.read(bob, 1, settings.AUDIT_MANY_READS)
        found = section("sensitive")
        assert found.verdict is Verdict.LOOK
        day = (timezone.now().date() - timedelta(days=1)).isoformat()
        (row,) = rows(found, "Unusual days")
        assert row[:3] == ("Bob", day, settings.AUDIT_MANY_READS)
        total = 2 * settings.AUDIT_MANY_READS - 1
        assert rows(found, "Records shown with sensitive values") == [("Bob", "people", "pages", total)]

    def test_more_than_three_times_the_usual_is_told(self, health, bob, dana, section):
        for ago in range(40, 45):
            self.read(bob, ago, 10)
            self.read(dana, ago, 2)
        self.read(bob, 3, 30)
        self.read(dana, 3, 19)
        assert section("sensitive").verdict is Verdict.GOOD
        self.read(bob, 2, 31)
        assert [row[0::2] for row in rows(section("sensitive"), "Unusual days")] == [("Bob", 31)]

    def test_a_house_without_such_fields_is_told_how_to_mark_them(self, dana, section):
        assert "Mark those" in section("sensitive").advice


@pytest.mark.django_db(transaction=True)
def test_counts_are_written_in_the_background(bob, settings):
    settings.AUDIT_READS_WRITTEN_AFTER = 0.05
    reads.count_read(bob.pk, "people", "page", 2)
    reads.count_read(bob.pk, "people", "page", 1)
    for one in [one for one in threading.enumerate() if isinstance(one, threading.Timer)]:
        one.join(10)
    assert SensitiveRead.objects.get().records == 3


@pytest.mark.django_db(transaction=True)
def test_counts_are_written_when_the_process_ends(bob):
    reads.count_read(bob.pk, "people", "page", 2)
    keep_last_reads()
    assert SensitiveRead.objects.get().records == 2
    connection.close()
