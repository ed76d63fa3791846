"""Duplicates of any type: one that is only data, and custom fields of built-in ones; and what a killed scan leaves."""

import pytest

from rapport.engine.events.act import open_act
from rapport.engine.events.reactions import run_reactions
from rapport.engine.records.actions import change_record, delete_records
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.definitions import forget
from rapport.engine.records.duplicates.doors import clusters_for
from rapport.engine.records.duplicates.following import follow
from rapport.engine.records.duplicates.scanning import folder_for_scans, scan
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.things.conftest import kinds

__all__ = ["kinds"]
SHIP = {"name": "Northern Light", "x_mails": ["bridge@light.example"]}


def names(actor, rtype):
    return [[rtype.title_of(row) for row in one.records] for one in clusters_for(actor, rtype).items]


def test_things_are_compared_each_type_by_itself(dana, make, kinds):
    projects, vehicles = kinds
    for _twice in range(2):
        make(dana, "projects", **SHIP)
    make(dana, "vehicles", **SHIP)
    scan(projects)
    scan(vehicles)
    assert names(dana.actor, projects) == [["Northern Light", "Northern Light"]]
    assert names(dana.actor, vehicles) == []


def test_a_custom_field_is_compared_by_its_type(dana, alice, make):
    people = record_type("people")
    with open_act(dana.actor) as act:
        create_field(act, people, {"label": "Mails", "type": "emails"})
    forget()
    for _twice in range(2):
        make(alice, "people", name="Amara Okafor", x_mails=["amara@fjellfjord.no"])
    scan(people)
    [one] = clusters_for(alice.actor, people).items
    assert one.pairs[0].reasons["x_mails"][0] == "same"


def test_what_is_deleted_leaves_its_cluster(alice, make):
    people = record_type("people")
    pair = [make(alice, "people", name="Amara Okafor", emails="amara@fjellfjord.no") for _twice in range(2)]
    scan(people)
    with open_act(alice.actor) as act:
        delete_records(act, people, pair[:1])
    assert names(alice.actor, people) == []
    follow(people, [one.pk for one in pair])
    assert names(alice.actor, people) == []


@pytest.mark.django_db
def test_what_a_killed_scan_left_is_swept():
    left = folder_for_scans() / "duplicates-killed"
    left.mkdir()
    (left / "records.duckdb").write_text("names")
    scan(record_type("people"))
    assert not left.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_cleared_speaks_for_nothing_any_more(alice, make):
    people = record_type("people")
    shared = {"emails": "amara@fjellfjord.no", "phones": "+4777601234"}
    pair = [make(alice, "people", name=name, **shared) for name in ("Amara Okafor", "Amara O.")]
    scan(people)
    assert len(names(alice.actor, people)) == 1
    with open_act(alice.actor) as act:
        change_record(act, people, pair[0], {"emails": "", "phones": ""})
    run_reactions()
    assert names(alice.actor, people) == []
