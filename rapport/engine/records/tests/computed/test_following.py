"""Computed fields after whatever happened are those that would be worked out anew: for each record, by each door."""

import random
import threading
import time
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from rapport.activities.actions import write_note
from rapport.customers.models import Membership
from rapport.customers.record_types import CompanyType, MembershipType, PersonType
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import CannotUndo
from rapport.engine.events.reactions import parked_events, run_reactions
from rapport.engine.events.undo import undo_batch
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records.actions import change_record, create_record, delete_records, restore_records
from rapport.engine.records.computed import filling, ways
from rapport.engine.records.computed.filling import fill, fill_for_today
from rapport.engine.records.computed.graph import graph
from rapport.engine.records.computed.side import load
from rapport.engine.records.computed.working import evaluation, spread
from rapport.engine.records.custom.actions import change_field, create_field, delete_field, restore_field
from rapport.engine.records.custom.jobs import build_indexes
from rapport.engine.records.custom.queries import find_field
from rapport.engine.records.definitions import check_again, today
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.formulas.compile import worked_out
from rapport.engine.records.models import CustomField, FieldIndexes
from rapport.engine.records.queries.summing import By, Measure, Total, Unit, grouped, totals, totals_of
from rapport.engine.records.queries.within import within
from rapport.engine.records.tests.computed.conftest import follow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

FORMULAS = [
    (CompanyType, "Staff", "count(people)"),
    (CompanyType, "Leads", "count(people where stage = lead and x_points > 2)"),
    (CompanyType, "Below", "sum(companies.size)"),
    (CompanyType, "Points", "sum(people.x_points)"),
    (CompanyType, "Weight", "x_points / x_staff + coalesce(size, 0)"),
    (CompanyType, "Notes", "count(notes)"),
    (CompanyType, "Titles", "count(memberships where title is not empty)"),
    (PersonType, "Share", "company.x_weight * x_points"),
    (PersonType, "Above", "company.parent.name + company.city"),
    (PersonType, "Sure", 'company = "Acme 1" or x_friend.stage = lead'),
    (PersonType, "Friends", "count(people) + max(people.x_points)"),
    (PersonType, "Known for", "days(created_at)"),
]


@pytest.fixture
def formulas(do):
    do(create_field, PersonType, {"label": "Points", "type": "number"})
    do(create_field, PersonType, {"label": "Friend", "type": "relation", "target": "people"})
    check_again()
    for rtype, label, text in FORMULAS:
        do(create_field, rtype, {"label": label, "type": "formula", "formula": text})
        check_again()
    follow()


def kept_and_made():
    """For each formula what the side table holds and what would be worked out, by record."""
    for formula in graph().formulas.values():
        rows = formula.record_type.rows()
        made = worked_out(formula.bound, formula.scope, evaluation())
        wanted = dict(rows.annotate(made=made).values_list("pk", "made"))
        kept = load([formula.field], list(wanted))
        empty = formula.field.type.empty
        slug = formula.field.slug
        yield formula.key, {k: kept[k][slug] for k in wanted}, {k: empty if v is None else v for k, v in wanted.items()}


def assert_settled():
    assert len(graph().formulas) == len(FORMULAS)
    for key, kept, made in kept_and_made():
        assert kept == made, key
    assert not parked_events(10)


def change_person(act, pick, companies, people):
    raw = {
        "stage": pick.choice(["lead", "customer", ""]),
        "x_points": pick.choice([None, 1, 2, 3, 7]),
        "company": str(pick.choice(companies).pk) if pick.random() < 0.7 else None,
        "x_friend": str(pick.choice(people).pk) if pick.random() < 0.7 else None,
    }
    asked = pick.sample(sorted(raw), pick.randint(1, 4))
    row = pick.choice([one for one in people if not one.is_deleted])
    change_record(act, PersonType, row, {name: raw[name] for name in asked})


def change_company(act, pick, companies, _people):
    above = pick.choice(companies)
    raw = {"size": pick.choice([None, 0, 3, 90]), "name": pick.choice(["Acme 1", "Åsgard"]), "parent": str(above.pk)}
    asked = pick.sample(sorted(raw), pick.randint(1, 3))
    change_record(act, CompanyType, pick.choice(companies), {name: raw[name] for name in asked})


def add_person(act, pick, companies, people):
    raw = {"name": "New", "x_points": pick.randint(1, 9), "company": str(pick.choice(companies).pk), "stage": "lead"}
    people.append(create_record(act, PersonType, raw))


def add_note(act, pick, companies, _people):
    write_note(act, CompanyType, pick.choice(companies), text="Called")


def add_membership(act, pick, companies, people):
    person = pick.choice([one for one in people if not one.is_deleted])
    raw = {"person": str(person.pk), "company": str(pick.choice(companies).pk), "title": pick.choice(["", "CEO"])}
    create_record(act, MembershipType, raw)


def drop_membership(act, pick, _companies, _people):
    if rows := list(Membership.objects.filter(deleted_at=None)):
        delete_records(act, MembershipType, [pick.choice(rows)])


def delete_or_restore(act, pick, companies, people):
    rtype, rows = pick.choice([(CompanyType, companies), (PersonType, people)])
    row = pick.choice(rows)
    if row.is_deleted:
        restore_records(act, rtype, [row])
    elif sum(not one.is_deleted for one in rows) > 2:
        delete_records(act, rtype, [row])


DEEDS = [
    change_person, change_person, change_person, change_company, change_company, add_person, add_note, add_membership,
    drop_membership, delete_or_restore,
]  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_what_would_be_worked_out_anew(dana, do, formulas, seed):
    pick = random.Random(seed)
    companies = [do(create_record, CompanyType, {"name": f"Acme {n}", "size": n}) for n in range(4)]
    people = [do(create_record, PersonType, {"name": f"P {n}"}) for n in range(6)]
    batches = []
    for step in range(40):
        try:
            with open_act(dana) as act:
                pick.choice(DEEDS)(act, pick, companies, people)
            batches.append(act.batch)
        except ValidationFailed:
            continue
        if step % 9 == 8:
            with open_act(dana) as undoing, suppress(CannotUndo):
                undo_batch(undoing, batches.pop(pick.randrange(len(batches))))
            for row in (*companies, *people):
                row.refresh_from_db()
        if step % 8 == 7:
            follow()
            assert_settled()
    follow()
    assert_settled()


def test_who_writes_sees_at_once_what_follows_for_the_record(do, formula):
    field = formula(CompanyType, "size * 2", "Double")
    row = do(create_record, CompanyType, {"name": "Acme", "size": 4})
    assert CompanyType.field(field.slug).get(row) == 8
    do(change_record, CompanyType, row, {"size": 5})
    assert CompanyType.field(field.slug).get(row) == 10
    assert CompanyType.rows().get().version == row.version == 2


def test_of_too_many_at_once_a_job_works_out_all(do, formula, monkeypatch):
    company = do(create_record, CompanyType, {"name": "Acme", "size": 4})
    for number in range(5):
        do(create_record, PersonType, {"name": f"P {number}", "company": str(company.pk)})
    field = formula(PersonType, "company.size", "Size")
    monkeypatch.setattr(ways, "MOST", 3)
    do(change_record, CompanyType, company, {"size": 9})
    check_again()
    run_reactions()
    own = PersonType.field(field.slug)
    assert {one[field.slug] for one in load([own], keys(PersonType)).values()} == {4}
    assert run_waiting_jobs() == 1
    assert {one[field.slug] for one in load([own], keys(PersonType)).values()} == {9}


def test_of_too_many_that_follow_from_a_filling_a_job_works_out_all(do, formula, monkeypatch):
    company = do(create_record, CompanyType, {"name": "Acme", "size": 4})
    for number in range(5):
        do(create_record, PersonType, {"name": f"P {number}", "company": str(company.pk)})
    weight = formula(CompanyType, "size * 2", "Weight")
    field = formula(PersonType, "company.x_weight", "Share")
    monkeypatch.setattr(ways, "MOST", 3)
    do(change_field, weight, {"formula": "size * 3"})
    follow()
    own = PersonType.field(field.slug)
    assert {one[field.slug] for one in load([own], keys(PersonType)).values()} == {12}


def test_who_changes_a_record_that_is_being_filled_is_not_written_over(do, dana, formula, monkeypatch):
    made = formula(CompanyType, "size * 2", "Weight")
    row = do(create_record, CompanyType, {"name": "Acme", "size": 5})
    follow()
    do(change_field, made, {"formula": "size * 3"})
    check_again()
    worked_out, go_on = threading.Event(), threading.Event()

    def slowly(*given):
        worked_out.set()
        assert go_on.wait(20)
        return spread(*given)

    def filled():
        try:
            fill.function(Reporter(), "companies", made.slug)
        finally:
            connections.close_all()

    monkeypatch.setattr(filling, "spread", slowly)
    monkeypatch.setattr(filling, "ensure_column", lambda _field: None)
    filler = threading.Thread(target=filled)
    with open_act(dana) as act:
        change_record(act, CompanyType, row, {"size": 7})
        filler.start()
        # It has read 5, and waits for the record's row beside.
        wait_until(anybody_waits)
    assert worked_out.wait(20)
    threading.Timer(1, go_on.set).start()
    run_reactions()
    filler.join()
    assert CompanyType.field(made.slug).get(row) == 21


def wait_until(holds):
    for _time in range(200):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("It did not come to that.")


def anybody_waits():
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def test_days_that_no_calendar_holds_are_empty(do, formula):
    later, before = (
        formula(PersonType, "birthday + 1 year", "Later"),
        formula(PersonType, "birthday - 1 year", "Before"),
    )
    last = do(create_record, PersonType, {"name": "Ann", "birthday": "9999-12-31"})
    first = do(create_record, PersonType, {"name": "Bo", "birthday": "0001-01-01"})
    follow()
    found = load([PersonType.field(one.slug) for one in (later, before)], [last.pk, first.pk])
    assert found[last.pk] == {later.slug: None, before.slug: date(9998, 12, 31)}
    assert found[first.pk] == {later.slug: date(2, 1, 1), before.slug: None}


def test_a_new_day_changes_what_names_today(do, formula):
    field = formula(PersonType, "days(birthday)", "Days")
    row = do(create_record, PersonType, {"name": "Ann", "birthday": str(today())})
    assert PersonType.field(field.slug).get(row) == 0
    fill_for_today.function(Reporter())
    assert run_waiting_jobs() == 0
    FieldIndexes.objects.filter(pk=field.pk).update(filled_for=today() - timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE computed_people SET {field.slug} = 7")  # noqa: S608  a slug made above
    fill_for_today.function(Reporter())
    assert run_waiting_jobs() == 1
    assert PersonType.field(field.slug).get(row) == 0


def test_a_formula_is_changed_deleted_and_restored(do, formula):
    row = do(create_record, CompanyType, {"name": "Acme", "size": 4})
    field = formula(CompanyType, "size * 2")
    follow()
    do(change_field, field, {"formula": "size * 3"})
    follow()
    assert CompanyType.field("x_own").get(row) == 12
    do(delete_field, field)
    follow()
    assert CompanyType.field("x_own") is None
    do(change_record, CompanyType, row, {"size": 5})
    do(restore_field, field)
    follow()
    assert CompanyType.field("x_own").get(row) == 15


@pytest.mark.parametrize(
    ("text", "kind"),
    [("size * 2", "number"), ("money(size)", "money"), ("name", "text"), ("date(created_at)", "date"),
     ("created_at", "datetime"), ("size > 1", "bool")],
)  # fmt: skip
def test_lists_add_it_up_and_stand_under_it(do, formula, text, kind):
    for size in (1, 1, 2):
        do(create_record, CompanyType, {"name": f"Acme {size}", "size": size})
    formula(CompanyType, text)
    field, rows = CompanyType.field("x_own"), CompanyType.rows()
    assert field.type.name == kind
    offered = totals_of(field)
    found = dict(zip(offered, totals(CompanyType, rows, [Measure(one, field) for one in offered]), strict=True))
    values = [field.get(row) for row in rows]
    plain = [value["house"] if isinstance(value, dict) else value for value in values]
    assert (found[Total.EMPTY], found[Total.FILLED]) == ((2, 1) if kind == "bool" else (0, 3))
    assert found.get(Total.UNIQUE, len(set(plain))) == len(set(plain))
    assert found.get(Total.SUM) in (None, sum(plain) if kind in ("number", "money") else None)
    by = By(field, Unit.DAY if kind in ("date", "datetime") else None)
    if kind != "money":
        zone = evaluation().zone
        for group in grouped(CompanyType, rows, [by], [Measure(Total.COUNT)], zone=zone, most=9):
            assert within(CompanyType, rows, by, group.keys[0], zone=zone).count() == group.values[0]


def test_formulas_made_at_once_are_filled_in_the_order_in_which_they_build(do):
    row = do(create_record, CompanyType, {"name": "Acme", "size": 4})
    do(create_field, CompanyType, {"label": "A", "type": "formula", "formula": "size + 1"})
    check_again()
    do(create_field, CompanyType, {"label": "B", "type": "formula", "formula": "x_a * 10"})
    check_again()
    assert CompanyType.field("x_b") is None
    follow()
    assert (CompanyType.field("x_a").get(row), CompanyType.field("x_b").get(row)) == (5, 50)


def test_a_formula_whose_field_is_gone_says_so_and_the_others_go_on(dana, do):
    row = do(create_record, CompanyType, {"name": "Acme", "size": 4})
    with open_act(dana) as act:
        create_field(act, CompanyType, {"label": "Raw", "type": "number"})
    check_again()
    made = do(create_field, CompanyType, {"label": "Own", "type": "formula", "formula": "x_raw + 1"})
    do(create_field, CompanyType, {"label": "Two", "type": "formula", "formula": "size * 2"})
    follow()
    CustomField.objects.filter(slug="x_raw").update(deleted_at=timezone.now())
    check_again()
    do(change_field, made, {"label": "Other"})
    fill.defer("companies", "x_own")
    follow()
    assert find_field(made.pk).state == "failed"
    assert "x_raw is not a field of companies." in find_field(made.pk).error
    do(change_record, CompanyType, row, {"size": 6})
    follow()
    assert CompanyType.field("x_two").get(row) == 12


def keys(rtype):
    return list(rtype.rows().values_list("pk", flat=True))


def test_an_index_does_not_come_before_its_column(do):
    row = do(create_field, CompanyType, {"label": "Own", "type": "formula", "formula": "size + 1"})
    build_indexes.defer(row.pk)
    run_waiting_jobs()
    assert not FieldIndexes.objects.filter(pk=row.pk).exists()
    assert find_field(row.pk).state == "building"
    follow()
    assert find_field(row.pk).state == "ready"
