"""Rules: who makes them, what they may ask, what they keep from being deleted, and who takes them back."""

import pytest

from rapport.customers.record_types import MembershipType, PersonType
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.undo import undo_batch
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records.actions import create_record
from rapport.engine.records.bulk import doors
from rapport.engine.records.bulk.asking import Ask, Deed
from rapport.engine.records.bulk.changes import CONFIRM, Change
from rapport.engine.records.bulk.errors import BulkRefused
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.definitions import check_again
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.models import BulkRun, Confirmation, QualityRule
from rapport.engine.records.quality.actions import change_quality_rule, create_quality_rule
from rapport.engine.records.quality.confirming import confirm_record
from rapport.engine.records.quality.reading import quality_rules
from rapport.engine.records.reading import zone_now
from rapport.engine.records.uses import uses_of
from tests.fixtures.cast import charlie

__all__ = ["charlie"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])

SOURCED = {"field": "source", "kind": "complete", "label": "Has a source"}


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (SOURCED | {"field": "nowhere"}, "field"),
        (SOURCED | {"kind": "good"}, "kind"),
        (SOURCED | {"label": " "}, "label"),
        (SOURCED | {"weight": "6"}, "weight"),
        (SOURCED | {"weight": "٣"}, "weight"),
        (SOURCED | {"kind": "valid"}, "good"),
        (SOURCED | {"kind": "fresh"}, "months"),
        (SOURCED | {"good": "owner = me"}, "good"),
        (SOURCED | {"good": "company.name = x"}, "good"),
        (SOURCED | {"applies": "count(notes) > 1"}, "applies"),
        (SOURCED | {"applies": "quality < 50"}, "applies"),
        (SOURCED | {"applies": "stage = "}, "applies"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(do, raw, place):
    with pytest.raises(ValidationFailed) as refused:
        do(create_quality_rule, PersonType, raw)
    assert list(refused.value.errors) == [place]
    assert not QualityRule.objects.exists()


def test_parts_of_other_records_have_no_rules(do):
    with pytest.raises(ValidationFailed):
        do(create_quality_rule, MembershipType, SOURCED | {"field": "title"})


def test_only_administrators_make_rules_and_take_them_back(do, charlie):
    with pytest.raises(NotAllowed), open_act(charlie.actor) as act:
        create_quality_rule(act, PersonType, SOURCED)
    with pytest.raises(NotAllowed), open_act(charlie.actor) as act:
        change_quality_rule(act, quality_rules(PersonType).rows[0], {"is_on": False})
    row = do(create_quality_rule, PersonType, SOURCED)
    assert row.good == "source is not empty"
    assert not QualityRule.objects.get(pk=row.pk).is_deleted


def test_a_field_of_ones_own_is_judged_and_not_deleted_while_a_rule_uses_it(do, dana):
    do(create_field, PersonType, {"label": "Points", "type": "number"})
    check_again()
    rule = {"field": "x_points", "kind": "valid", "label": "Few points", "good": "x_points < 10"}
    do(create_quality_rule, PersonType, rule)
    check_again()
    uses = uses_of(dana, PersonType, "x_points")
    assert [(one.label, one.blocks) for one in uses if one.kind == "Quality rule"] == [("Few points", True)]


def test_who_may_not_change_a_record_confirms_nothing(do, charlie, make):
    row = do(create_record, PersonType, {"name": "Amara", "emails": "a@fjell.example"})
    with pytest.raises(NotAllowed), open_act(charlie.actor) as act:
        confirm_record(act, PersonType, row, ["emails"])
    own = make(charlie, "people", name="Bo", emails="b@fjell.example", owner=str(charlie.pk))
    with pytest.raises(ValidationFailed), open_act(charlie.actor) as act:
        confirm_record(act, PersonType, own, ["phones"])
    with open_act(charlie.actor) as act:
        confirm_record(act, PersonType, own, ["emails"])
    do(undo_batch, act.batch)
    assert not Confirmation.objects.filter(deleted_at=None).exists()


def test_many_are_confirmed_by_a_job_and_each_with_the_rights_of_the_moment(do, dana, charlie, monkeypatch):
    monkeypatch.setattr(doors, "AT_ONCE", 1)
    raw = {"name": "Amara", "emails": "a@fjell.example", "phones": "+4722334455"}
    rows = [do(create_record, PersonType, raw | {"owner": str(key)}) for key in (charlie.pk, charlie.pk, dana.user_id)]
    change = Change(PersonType.field("emails"), CONFIRM)
    run = doors.start(charlie.actor, PersonType, Ask(Deed.CONFIRM, changes=(change,), **zone_now()))
    run_waiting_jobs()
    run.refresh_from_db()
    assert (run.state, run.counts["changed"]) == (BulkRun.State.DONE, 2)
    confirmed = Confirmation.objects.values_list("record_id", "field")
    assert set(confirmed) == {(row.pk, "emails") for row in rows[:2]}
    with pytest.raises(BulkRefused):
        doors.start(charlie.actor, PersonType, Ask(Deed.CONFIRM, **zone_now()))
