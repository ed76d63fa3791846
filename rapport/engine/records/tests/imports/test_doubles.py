"""Several rows about one person: told by any of their addresses, and settled as somebody said."""

import pytest

from rapport.customers.models import Person
from rapport.engine.records.imports import doors, problems
from rapport.engine.records.imports.doubles import KEY
from rapport.engine.records.imports.staging import set_cell
from rapport.engine.records.models import ImportPlan
from rapport.engine.records.tests.imports.conftest import finished

# The second row has an address of the first and one of the third: all three are about one person.
FILE = "Name,E-Mail,Source\nFirst,a@x.no,\nSecond,A@x.no; b@x.no,web\nThird,b@x.no,fair\nOther,o@x.no,\n"


def states():
    return dict(ImportPlan.objects.order_by("n").values_list("n", "state"))


def settled(run, do):
    doors.check_rows(run, problems.mend_group(run, doors.compiled_of(run), KEY, do))
    return finished(run)


def test_rows_are_one_person_by_any_of_their_addresses(dana, checked):
    run = checked(dana, "people", FILE)
    assert states() == {1: "b", 2: "b", 3: "n", 4: "n"}
    group = problems.groups(run, doors.compiled_of(run))[0]
    assert (group.key, group.count, group.mends) == (KEY, 2, ["later", "first", "merge", "skip"])


@pytest.mark.parametrize(
    ("do", "names", "counts"),
    [("later", ["Other", "Third"], (2, 0)), ("first", ["First", "Other"], (2, 0)), ("skip", ["Other"], (1, 0)),
     ("merge", ["First", "Other"], (2, 1))],
)  # fmt: skip
def test_doubles_are_settled_as_somebody_said(dana, checked, do, names, counts):
    run = settled(checked(dana, "people", FILE, rule="fill"), do)
    assert run.state == "done"
    assert (run.results["counts"]["created"], run.results["counts"]["changed"]) == counts
    assert sorted(Person.objects.values_list("name", flat=True)) == names


def test_merged_rows_fill_what_the_first_leaves_open(dana, checked):
    run = checked(dana, "people", FILE, rule="fill")
    settled(run, "merge")
    first = Person.objects.get(name="First")
    assert [one["email"] for one in first.emails] == ["a@x.no", "b@x.no"]
    assert first.source == "web"


def test_rows_that_may_only_create_are_not_merged(dana, checked):
    run = checked(dana, "people", FILE, mode="create")
    assert "merge" not in problems.groups(run, doors.compiled_of(run))[0].mends


def test_a_mended_cell_parts_what_it_had_joined(dana, checked):
    run = checked(dana, "people", FILE)
    set_cell(run, 2, 1, "a@x.no")
    doors.check_rows(run, [2])
    assert states() == {1: "b", 2: "n", 3: "n", 4: "n"}
    set_cell(run, 1, 1, "c@x.no")
    doors.check_rows(run, [1])
    assert set(states().values()) == {"n"}


def test_a_record_is_found_by_any_address_of_a_row(dana, make, imported):
    make(dana, "people", name="Amara", emails="old@x.no; b@x.no")
    run = imported(dana, "people", "Name,E-Mail,Source\nAmara O.,new@x.no; b@x.no,web\n", rule="fill")
    assert (run.results["counts"]["created"], run.results["counts"]["changed"]) == (0, 1)
    amara = Person.objects.get()
    assert (amara.name, amara.source) == ("Amara", "web")
    assert [one["email"] for one in amara.emails] == ["old@x.no", "b@x.no", "new@x.no"]
