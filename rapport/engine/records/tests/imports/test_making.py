"""What an import makes besides records: fields and choices. Undo takes them back unless somebody uses them."""

import pytest

from rapport.customers.models import Company, Person
from rapport.engine.records.definitions import check_again
from rapport.engine.records.imports import doors, problems
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.models import Choice, CustomField
from rapport.engine.records.tests.imports.conftest import finished, undone

COMPANIES = "Name,Industry\nBlossom AS,Floristry\nOther AS,Floristry\n"


def with_new_industry(checked, user):
    run = checked(user, "companies", COMPANIES, name="companies.csv")
    group = problems.groups(run, doors.compiled_of(run))[0]
    doors.check_rows(run, problems.mend_group(run, doors.compiled_of(run), group.key, "create"))
    return finished(run)


def offered():
    return Choice.objects.filter(list="companies.industry", label="Floristry", deleted_at=None)


def test_a_choice_of_a_field_that_was_here_goes_with_its_import(dana, checked):
    run = with_new_industry(checked, dana)
    assert [one.industry for one in Company.objects.all()] == [offered().get().value] * 2
    undone(run)
    assert not offered().exists()


def test_a_choice_that_others_use_stays(dana, checked, make):
    run = with_new_industry(checked, dana)
    make(dana, "companies", name="Late AS", industry=offered().get().value)
    undone(run)
    assert [one.name for one in Company.objects.filter(deleted_at=None)] == ["Late AS"]
    assert offered().exists()


def test_a_field_is_made_under_a_name_that_is_free(dana, staged):
    run = staged(dana, "people", "Name,Source,source,Score\nAmara,web,fair,1\n")
    assert [one["new"]["label"] for one in run.columns if one["to"] == "new"] == ["source (own)", "Score"]
    doors.start_check(run)
    assert finished(run).state == "done", run.error
    assert Person.objects.get().custom == {"x_source_own": "fair", "x_score": "1"}


def test_a_file_comes_in_again_after_it_was_taken_back(dana, imported):
    text = "Name,Score\nAmara,1\n"
    undone(imported(dana, "people", text))
    check_again()
    run = imported(dana, "people", text)
    assert run.state == "done", run.error
    assert CustomField.objects.filter(deleted_at=None, label="Score").count() == 1
    assert Person.objects.get(deleted_at=None).custom == {"x_score_2": "1"}


def test_two_new_fields_of_one_name_are_refused(dana, staged):
    run = staged(dana, "people", "Name,Score,Rank\nAmara,1,2\n")
    run.columns[2]["new"]["label"] = "SCORE"
    with pytest.raises(ImportRefused, match="Two new fields"):
        doors.map_columns(run, run.columns, {})


def test_only_administrators_make_fields(alice, staged):
    run = staged(alice, "people", "Name,Score\nAmara,1\n")
    assert run.columns[1]["to"] == ""
    with pytest.raises(ImportRefused, match="administrators"):
        doors.map_columns(run, [run.columns[0], run.columns[1] | {"to": "new"}], {})
