"""Rows that name records: those to be made, and those of their own type further down in the file."""

import pytest

from rapport.customers.models import Company, Person
from rapport.engine.records.imports.refused import refused_rows
from rapport.engine.records.models import ImportPlan
from rapport.engine.records.tests.imports.conftest import finished


def parents():
    rows = Company.objects.filter(deleted_at=None).values_list("name", "parent__name")
    return dict(rows)


def test_a_company_that_is_still_to_be_made_is_news(dana, make, checked):
    make(dana, "people", name="Amara", emails="amara@x.no")
    run = checked(dana, "people", "E-Mail,Company\namara@x.no,Fjell AS\n")
    assert ImportPlan.objects.get().state == "u"
    assert run.found["fields"] == {"fills:company": 1}
    assert finished(run).results["counts"]["changed"] == 1
    assert Company.objects.get().name == "Fjell AS"


def test_a_company_in_place_of_another_is_for_the_rule_to_decide(dana, make, checked):
    here = make(dana, "companies", name="Here")
    amara = make(dana, "people", name="Amara", emails="amara@x.no", company=str(here.pk))
    run = checked(dana, "people", "E-Mail,Company\namara@x.no,Fjell AS\n")
    assert ImportPlan.objects.get().state == "c"
    assert finished(run).results["counts"]["same"] == 1
    assert Person.objects.get(pk=amara.pk).memberships.get(deleted_at=None).company == here
    assert Company.objects.get() == here


@pytest.mark.parametrize("rule", ["fill", "overwrite"])
def test_a_parent_further_down_is_taken_by_the_rule(dana, make, imported, rule):
    make(dana, "companies", name="Above")
    make(dana, "companies", name="Child", parent="Above", domains="child.no")
    make(dana, "companies", name="Orphan", domains="orphan.no")
    text = "Name,Domain,Parent company\nChild,child.no,Later\nOrphan,orphan.no,Later\nLater,later.no,\n"
    imported(dana, "companies", text, name="companies.csv", rule=rule)
    assert parents() == {
        "Above": None, "Later": None, "Orphan": "Later", "Child": "Above" if rule == "fill" else "Later",
    }  # fmt: skip


def test_companies_in_a_circle_stay_apart_and_the_reason_is_told(dana, imported):
    text = "Name,Domain,Parent company\nA,a.no,B\nB,b.no,C\nC,c.no,A\nD,d.no,A\n"
    run = imported(dana, "companies", text, name="companies.csv")
    assert run.state == "done"
    assert parents() == {"A": "B", "B": "C", "C": None, "D": "A"}
    told = "".join(refused_rows(run)).splitlines()
    assert len(told) == 2
    assert told[1].startswith("C,c.no,A,")
    assert "its own parent" in told[1]


def test_companies_that_are_here_are_not_put_in_a_circle(dana, make, imported):
    for name in "AB":
        make(dana, "companies", name=name, domains=f"{name.lower()}.no")
    run = imported(dana, "companies", "Name,Domain,Parent company\nA,a.no,B\nB,b.no,A\n", name="companies.csv")
    assert parents() == {"A": "B", "B": None}
    assert run.results["counts"]["refused"] == 1
