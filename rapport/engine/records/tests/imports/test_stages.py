"""From a file to records and back: reading, mapping, checking, running, taking back."""

import pytest

from rapport.customers.models import Company, Membership, Person
from rapport.engine.records.imports import doors, problems, running
from rapport.engine.records.models import Choice, CustomField, ImportPlan, ImportRun
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.imports.conftest import finished, undone

KUNDEN = """Full name;E-Mail;Mobil;Firma;Land;Kd. seit;Ladenfläche m²;Spalte9
Amara Okafor;amara@fjellfjord.no;+47 77 60 12 34;Fjell & Fjord AS;NO;3.10.2019;120,5;
Benedikt Huber;b.huber@huber-alpin.de;+49 89 41 20 77 10;Huber Alpin GmbH;Deutschland;14.02.2021;64;
Chiara Bellini;chiara@bellini.it;;Huber Alpin GmbH;UK;1.1.2020;–;
Broken;amara@fjellfjord;;;Atlantis;31.12.2020;1.200,25;
"""


def to(run):
    return {one["header"]: one["to"] for one in run.columns}


def test_columns_find_their_places(dana, staged):
    run = staged(dana, "people", KUNDEN)
    assert run.dialect["delimiter"] == ";"
    assert run.rows == 4
    assert to(run) == {
        "Full name": "name", "E-Mail": "emails", "Mobil": "phones:mobile", "Firma": "company",
        "Land": "addresses.country", "Kd. seit": "new", "Ladenfläche m²": "new", "Spalte9": "",
    }  # fmt: skip
    assert [one["new"]["type"] for one in run.columns if one["to"] == "new"] == ["date", "number"]
    assert run.options["match"] == "emails"


def test_problems_are_grouped_and_mended(dana, staged):
    run = staged(dana, "people", KUNDEN)
    assert run.columns[3]["create"]
    run.columns[3]["create"] = False
    doors.map_columns(run, run.columns, {})
    doors.start_check(run)
    found = {one.key: one for one in problems.groups(run, doors.compiled_of(run))}
    assert set(found) == {"1:email", "3:relation", "4:country"}
    assert found["3:relation"].count == 3
    for key, do in (("3:relation", "create"), ("1:email", "empty")):
        doors.check_rows(run, problems.mend_group(run, doors.compiled_of(run), key, do))
    rows = problems.map_values(run, doors.compiled_of(run), "4:country", {"Atlantis": "Norway"})
    doors.check_rows(run, rows)
    assert problems.groups(run, doors.compiled_of(run)) == []
    finished(run)
    assert run.state == "done"
    assert run.results["counts"]["created"] == 4
    chiara = Person.objects.get(name="Chiara Bellini")
    assert chiara.country == "GB"
    assert chiara.custom == {"x_kd_seit": "2020-01-01"}
    broken = Person.objects.get(name="Broken")
    assert broken.emails == []
    assert broken.custom["x_ladenflache_m2"] == "1200.25"
    assert Company.objects.filter(deleted_at=None).count() == 2
    assert Membership.objects.count() == 3


def test_undo_takes_all_of_it_back(dana, staged):
    run = staged(dana, "people", KUNDEN)
    doors.start_check(run)
    finished(run)
    assert run.results["counts"]["created"] == 3
    undone(run)
    assert run.state == "undone"
    for model in (Person, Company, Membership, CustomField):
        assert not model.objects.filter(deleted_at=None).exists(), model


@pytest.mark.parametrize("rule", ["fill", "overwrite"])
def test_records_that_are_here_are_changed_by_the_rule(dana, make, checked, rule):
    make(dana, "people", name="Amara", emails="amara@x.no", source="fair")
    run = checked(dana, "people", "Name,E-Mail,Source,Tags\nAmara Okafor,AMARA@x.no,web,vip\nNew,n@x.no,,\n", rule=rule)
    assert sorted(ImportPlan.objects.values_list("state", flat=True)) == ["c", "n"]
    finished(run)
    amara = Person.objects.get(email="amara@x.no")
    assert (amara.name, amara.source) == (("Amara Okafor", "web") if rule == "overwrite" else ("Amara", "fair"))
    assert amara.tags == ["vip"]
    undone(run)
    amara.refresh_from_db()
    assert (amara.name, amara.source, amara.tags) == ("Amara", "fair", [])
    assert Choice.objects.filter(deleted_at=None).exists()


def test_a_worker_that_knows_less_leaves_a_run_to_the_other(checked, dana, monkeypatch):
    monkeypatch.setattr(running, "SLICE", 2)
    run = checked(dana, "people", "Name\nAmara\nBruno\nChiara\nDag\n")
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.RUNNING)
    ahead, behind = (ImportRun.objects.get(pk=run.pk) for _worker in range(2))

    def die_after_one_slice(_done):
        raise ConnectionError("the other worker was killed")

    with pytest.raises(ConnectionError):
        running.run_slices(ahead, dana.actor, record_type("people"), die_after_one_slice)
    running.run_slices(behind, dana.actor, record_type("people"), lambda _done: None)
    assert sorted(Person.objects.values_list("name", flat=True)) == ["Amara", "Bruno"]
    fresh = ImportRun.objects.get(pk=run.pk)
    running.run_slices(fresh, dana.actor, record_type("people"), lambda _done: None)
    assert sorted(Person.objects.values_list("name", flat=True)) == ["Amara", "Bruno", "Chiara", "Dag"]
