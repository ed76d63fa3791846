"""Groups and totals of record types that are only data, whose rows share one table."""

import re
from decimal import Decimal

import pytest

from rapport.engine.records.gate import visible
from rapport.engine.records.queries.summing import Measure, Total, totals

PART = {"HX-Request": "true"}


@pytest.fixture
def things(kinds, alice, make):
    firm = make(alice, "companies", name="Fjell")
    for kind in ("projects", "vehicles"):
        make(alice, kind, name="One", phase="begun", x_budget="100 EUR", x_client=str(firm.pk), tags="a; b")
        make(alice, kind, name="Two", phase="begun", x_budget="20 USD", owner="me")
    make(alice, "vehicles", name="Three", x_budget="7 EUR")
    return kinds


def test_each_type_counts_its_own(things, alice):
    wanted = {"projects": (2, Decimal(100), 1, 2), "vehicles": (3, Decimal(107), 1, 3)}
    for rtype in things:
        budget = rtype.field("x_budget")
        asked = [Measure(Total.COUNT), *(Measure(one, budget) for one in (Total.SUM, Total.NO_RATE, Total.UNIQUE))]
        assert totals(rtype, visible(alice.actor, rtype), asked) == wanted[rtype.slug]


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("phase", ["Begun 2", "No phase 1"]),
        ("x_client", ["FJ Fjell 1", "No client 2"]),
        ("tags", ["a 1", "b 1", "No tags 2"]),
        ("owner", ["AL Alice 1", "No owner 2"]),
        ("created_at", None),
    ],
)
def test_a_list_of_things_stands_under_groups(things, alice, browse, field, wanted):
    page = browse(alice).get(f"/vehicles/?group={field}&totals=x_budget:sum").content.decode()
    names = re.findall(r'<tr class="grouphead"><th[^>]*>(.*?)</th>', page, re.DOTALL)
    shown = [" ".join(re.sub(r"<[^>]*>", " ", one).split()) for one in names]
    assert shown == wanted or (wanted is None and len(shown) == 1)
    assert page.count("<tr data-url") == (4 if field == "tags" else 3)


def test_the_foot_of_a_list_of_things(things, alice, browse):
    part = browse(alice).get("/vehicles/totals?totals=x_budget:sum,name:count", headers=PART).content.decode()
    assert "€107.00" in part
    assert "<b>3</b>" in part
