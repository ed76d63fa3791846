"""Rules at an import: refused rows say why in the grid, are mended, and are refused again where nobody mended them."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.customers.models import Company, Person
from rapport.engine.records.definitions import definitions
from rapport.engine.records.imports import doors, problems
from rapport.engine.records.models import ImportProblem
from rapport.engine.records.tests.imports.conftest import finished

LOST = """Name;Email;Stage;Source
Amara;amara@x.no;lost;Price
Bruno;bruno@x.no;lost;
Chiara;chiara@x.no;lead;
"""


def said(run):
    rows = ImportProblem.objects.filter(run_id=run.pk).order_by("n", "col")
    return [(one.n, one.col, one.code, one.message) for one in rows]


def test_a_new_row_that_lacks_what_a_rule_wants(dana, checked, rule):
    rule("source", "required", "stage = lost")
    run = checked(dana, "people", LOST)
    sentence = "“Source” cannot be empty while Stage is Lost."
    assert said(run) == [(2, 3, "needed", sentence)]
    (group,) = problems.groups(run, doors.compiled_of(run))
    assert group.mends == ["skip"]
    doors.check_rows(run, problems.mend_group(run, doors.compiled_of(run), group.key, "skip"))
    assert said(run) == []
    finished(run)
    assert set(Person.objects.values_list("name", flat=True)) == {"Amara", "Chiara"}


def test_a_row_that_would_change_what_is_locked(dana, make, checked, rule):
    make(dana, "people", name="Amara", emails="amara@x.no", stage="customer", source="Fair")
    make(dana, "people", name="Bruno", emails="bruno@x.no", stage="lead", source="Fair")
    rule("source", "readonly", "stage = customer")
    file = "Email;Source;Birthday\namara@x.no;Letter;1990-01-02\nbruno@x.no;Letter;1990-01-02\n"
    run = checked(dana, "people", file, rule="overwrite")
    assert said(run) == [(1, 1, "locked", "“Source” cannot be changed while Stage is Customer.")]
    (group,) = problems.groups(run, doors.compiled_of(run))
    assert (group.title, group.mends) == ("Source: cannot be changed in these records", ["empty", "skip"])
    doors.check_rows(run, problems.mend_group(run, doors.compiled_of(run), group.key, "empty"))
    assert said(run) == []
    finished(run)
    amara, bruno = Person.objects.order_by("name")
    assert (amara.source, str(amara.birthday)) == ("Fair", "1990-01-02")
    assert (bruno.source, str(bruno.birthday)) == ("Letter", "1990-01-02")


def test_a_rule_made_after_the_check_is_kept_by_the_run(dana, make, checked, rule):
    make(dana, "people", name="Amara", emails="amara@x.no", stage="customer", source="Fair")
    run = checked(dana, "people", LOST.replace(";lost;Price", ";customer;Price"), rule="overwrite")
    rule("source", "required", "stage = lost")
    rule("source", "readonly", "stage = customer")
    finished(run)
    assert run.results["counts"] | {"created": 1, "changed": 0, "refused": 2} == run.results["counts"]
    assert sorted(said(run)) == [
        (1, -1, "refused", "“Source” cannot be changed while Stage is Customer."),
        (2, -1, "refused", "“Source” cannot be empty while Stage is Lost."),
    ]


def test_the_country_of_an_address_in_a_file(dana, checked, rule):
    rule("vat_number", "required", "country in (DE, FR)", "companies")
    run = checked(dana, "companies", "Name;Country;VAT number\nHuber;DE;\nFjord;NO;\nAlpin;DE;DE1\n", name="c.csv")
    assert [(n, code) for n, _col, code, _text in said(run)] == [(1, "needed")]
    finished(run)
    assert set(Company.objects.values_list("name", flat=True)) == {"Fjord", "Alpin"}


def test_rules_cost_the_same_however_many_rows(dana, make, checked, rule):
    """Even a rule over a relation in a table of its own is one query for a chunk."""
    fjord = make(dana, "companies", name="Fjord")
    for number in range(12):
        make(dana, "people", name=f"P{number}", emails=f"p{number}@x.no", company=str(fjord.pk))
    rule("source", "readonly", 'company = "Fjord"')
    definitions()

    def queries_for(rows):
        file = "Email;Source\n" + "".join(f"p{number}@x.no;Letter\n" for number in range(rows))
        run = checked(dana, "people", file, rule="overwrite")
        assert len(said(run)) == rows
        with CaptureQueriesContext(connection) as queries:
            doors.check_rows(run, list(range(1, rows + 1)))
        return len(queries.captured_queries)

    assert queries_for(2) == queries_for(12)
