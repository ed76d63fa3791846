"""Scores after whatever happened are those that plain Python works out: for each record, by each door."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.customers.record_types import CompanyType, PersonType
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import CannotUndo
from rapport.engine.events.reactions import parked_events
from rapport.engine.events.undo import undo_batch
from rapport.engine.jobs.progress import Reporter
from rapport.engine.records.actions import change_record, create_record, delete_records, restore_records
from rapport.engine.records.computed.working import evaluation
from rapport.engine.records.definitions import check_again
from rapport.engine.records.models import QualityDay, RecordQuality
from rapport.engine.records.quality.actions import change_quality_rule, create_quality_rule, remove_quality_rule
from rapport.engine.records.quality.confirming import confirm_record
from rapport.engine.records.quality.filling import fill_quality, is_being_worked_out, judge_for_today
from rapport.engine.records.quality.reading import quality_rules
from rapport.engine.records.quality.working import rescore, rescore_rows
from rapport.engine.records.tests.quality.conftest import follow
from rapport.engine.records.tests.quality.oracle import kept, wanted

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

RULES = [
    {"field": "stage", "kind": "complete", "label": "Stage", "applies": "company is not empty", "weight": "3"},
    {"field": "tags", "kind": "valid", "label": "Not a test", "good": 'tags != "test"', "weight": "2"},
    {
        "field": "birthday",
        "kind": "valid",
        "label": "Born",
        "applies": "birthday is not empty",
        "good": "birthday < today",
    },
    {"field": "stage", "kind": "fresh", "label": "Stage is fresh", "months": "6"},
]


@pytest.fixture
def rules(do):
    return [do(create_quality_rule, PersonType, raw) for raw in RULES]


def assert_settled(*types, now=None):
    for rtype in types or (PersonType, CompanyType):
        assert kept(rtype) == wanted(rtype, now)
    assert not parked_events(10)


def raw_person(pick, companies):
    live = [one for one in companies if not one.is_deleted]
    return {
        "name": pick.choice(["Amara Okafor", "amara@fjell.example", "Åse"]),
        "emails": pick.choice(["", "amara@fjell.example"]),
        "phones": pick.choice(["", "+4722334455"]),
        "stage": pick.choice(["lead", "customer", ""]),
        "tags": pick.choice([[], ["test"], ["vip", "test"]]),
        "birthday": pick.choice([None, "1990-04-01", "2999-01-01"]),
        "company": str(pick.choice(live).pk) if live and pick.random() < 0.6 else None,
        "addresses": pick.choice([[], [{"city": "Oslo"}], [{"city": "Oslo", "country": "NO"}]]),
    }


def step(act, pick, companies, people):
    live = [one for one in people if not one.is_deleted]
    match pick.randint(0, 5):
        case 0:
            people.append(create_record(act, PersonType, raw_person(pick, companies)))
        case 1 | 2:
            raw = raw_person(pick, companies)
            change_record(act, PersonType, pick.choice(live), {name: raw[name] for name in pick.sample(sorted(raw), 3)})
        case 3:
            rtype, rows = pick.choice([(PersonType, people), (CompanyType, companies)])
            row = pick.choice(rows)
            (restore_records if row.is_deleted else delete_records)(act, rtype, [row])
        case 4:
            confirm_record(act, PersonType, pick.choice(live), pick.sample(["stage", "phones", "emails"], 2))
        case 5:
            rows = [one for one in companies if not one.is_deleted]
            for row in rows[:1]:
                change_record(act, CompanyType, row, {"industry": pick.choice([None, "retail"])})


@pytest.mark.parametrize("seed", range(4))
def test_random_edits_leave_the_scores_that_a_full_judgement_gives(do, dana, rules, seed):
    pick = random.Random(seed)
    companies = [do(create_record, CompanyType, {"name": f"Acme {n}"}) for n in range(3)]
    people = [do(create_record, PersonType, raw_person(pick, companies)) for _n in range(5)]
    follow()
    assert_settled()
    batches = []
    for n in range(14):
        with open_act(dana) as act:
            batches.append(act.batch)
            step(act, pick, companies, people)
        if n % 5 == 4:
            with suppress(CannotUndo):
                do(undo_batch, batches.pop(pick.randrange(len(batches))))
            for row in (*people, *companies):
                row.refresh_from_db()
            follow()
            assert_settled()
    follow()
    assert_settled()
    before = kept(PersonType)
    assert rescore_rows(PersonType, PersonType.rows()) == 0
    assert kept(PersonType) == before


def test_time_alone_makes_values_old_and_a_confirmation_makes_them_fresh(do, dana, rules):
    row = do(create_record, PersonType, {"name": "Amara", "phones": "+4722334455", "stage": "lead"})
    follow()
    assert RecordQuality.objects.get(pk=row.pk).fresh == 100
    later = timezone.now() + timedelta(days=18 * 31)
    rescore(PersonType, [row.pk], evaluation(later))
    assert_settled(PersonType, now=later)
    old = RecordQuality.objects.get(pk=row.pk)
    labels = {quality_rules(PersonType).by_id[key].label for key in old.failing}
    assert old.fresh == 0
    assert {"Phone confirmed within 18 months", "Stage is fresh"} <= {str(one) for one in labels}

    with open_act(dana, now=later) as act:
        confirm_record(act, PersonType, row, ["phones"])
    rescore(PersonType, [row.pk], evaluation(later))
    assert_settled(PersonType, now=later)
    assert 0 < RecordQuality.objects.get(pk=row.pk).fresh < 100

    do(undo_batch, act.batch)
    follow()
    rescore(PersonType, [row.pk], evaluation(later))
    assert RecordQuality.objects.get(pk=row.pk).fresh == 0


def test_another_rule_has_all_records_judged_anew(do, dana, rules):
    do(create_record, PersonType, {"name": "Amara", "emails": "a@fjell.example"})
    follow()
    assert not is_being_worked_out(PersonType)
    with open_act(dana) as act:
        change_quality_rule(act, quality_rules(PersonType).rows[0], {"weight": "1", "good": 'name ~ "x"'})
    check_again()
    assert is_being_worked_out(PersonType)
    follow()
    assert not is_being_worked_out(PersonType)
    assert_settled(PersonType)
    changed = kept(PersonType)
    do(undo_batch, act.batch)
    follow()
    assert_settled(PersonType)
    assert kept(PersonType) != changed


def test_the_first_record_has_all_of_its_type_judged(do):
    do(create_record, PersonType, {"name": "Amara"})
    assert is_being_worked_out(PersonType)
    follow()
    assert not is_being_worked_out(PersonType)
    assert is_being_worked_out(CompanyType)


def test_a_rule_of_the_first_day_is_switched_off_and_comes_back_when_its_row_goes(do, rules):
    row = quality_rules(PersonType).rows[0]
    do(change_quality_rule, row, {"is_on": False})
    follow()
    assert row.pk not in quality_rules(PersonType).by_id
    do(remove_quality_rule, row)
    follow()
    assert row.pk in quality_rules(PersonType).by_id
    do(change_quality_rule, quality_rules(PersonType).rows[0], {"label": "Named"})
    follow()
    assert quality_rules(PersonType).by_id[row.pk].label == "Named"


def test_each_day_is_judged_once_and_its_average_kept(do):
    do(create_record, PersonType, {"name": "Amara"})
    follow()
    judge_for_today.function(Reporter())
    follow()
    QualityDay.objects.all().delete()
    judge_for_today.function(Reporter())
    follow()
    assert QualityDay.objects.count() == 0
    fill_quality.function(Reporter(), "people")
    assert QualityDay.objects.get(record_type="people").records == 1
