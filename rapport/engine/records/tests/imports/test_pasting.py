"""Rows pasted from a spreadsheet: how text becomes rows, how columns find their places, and what is refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.customers.models import Person
from rapport.engine.events.errors import NotAllowed
from rapport.engine.jobs.tests.support import run_waiting_jobs
from rapport.engine.records import gate
from rapport.engine.records.imports import doors, pasting
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.pasting import is_plain, paste
from rapport.engine.records.imports.reading.clipboard import as_file, rows_of, tabbed
from rapport.engine.records.models import ImportRun
from rapport.engine.records.registry import record_type
from tests.fixtures.cast import make_user

STRINGS = Path(__file__).resolve().parents[6] / "shared" / "data" / "reference" / "blns.json"
SHOWN = ("name", "company", "emails", "phones", "stage", "city", "owner", "created_at")
THREE = ("amara@x.no", "bo@x.no", "cy@x.no")
# What a sheet puts on the clipboard: cells that hold tabs, quotes or ends of lines stand in quotes.
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0\u00a0\u202f\u2007\ufeff\u200b"))


@pytest.fixture
def pasted(alice):
    def made(text, user=alice, slug="people", shown=SHOWN):
        return paste(user.actor, record_type(slug), text, shown=shown)

    return made


def places_of(run):
    return [column["to"] for column in run.columns]


def sure_of(run):
    return [column["sure"] for column in run.columns]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("a\tb\rc\td", [["a", "b"], ["c", "d"]]),
        ("a\tb\n\t\n\n\n", [["a", "b"]]),
        ("a\tb\t\t\nc\t\t\t", [["a", "b"], ["c", ""]]),
        ('"two\nlines"\tb', [["two\nlines", "b"]]),
        ('"a\ttab"\t"say ""hi"""', [["a\ttab", 'say "hi"']]),
        ('5" pipe\tb\n"12 inch\tc', [['5" pipe', "b"], ['"12 inch', "c"]]),
        ('"Nick" Bo\tb', [['"Nick" Bo', "b"]]),
        ("1\u00a0234,50\t\u00a0x\u00a0", [["1 234,50", "x"]]),
        ("=1+1\t+47 77\t@me\t-5", [["=1+1", "+47 77", "@me", "-5"]]),
        ("\ufeffName,E-mail\nAmara,a@x.no", [["Name", "E-mail"], ["Amara", "a@x.no"]]),
        ("Name;Notiz\nAmara;\"a;b\"\n", [["Name", "Notiz"], ["Amara", "a;b"]]),
        ("Okafor, Amara\nBo", [["Okafor, Amara"], ["Bo"]]),
        ("one cell", [["one cell"]]),
        ("", []),
        ("\t\t\n \n", []),
    ],
)  # fmt: skip
def test_text_of_a_clipboard_as_rows(text, rows):
    assert rows_of(text) == rows


def test_one_wide_row_does_not_widen_the_others():
    rows = rows_of("\t" * 2000 + "x\n" + "a\n" * 2000)
    assert sum(len(row) for row in rows) == 2001 + 2000


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6))
def test_what_a_sheet_copies_comes_back(rows):
    quoted = [[_as_copied(cell) for cell in row] for row in rows]
    assert tabbed("\n".join("\t".join(row) for row in quoted)) == rows
    assert tabbed(as_file(rows).decode().removesuffix("\n")) == rows


def _as_copied(cell):
    is_quoted = any(sign in cell for sign in '\t\n"')
    return '"' + cell.replace('"', '""') + '"' if is_quoted else cell


def test_with_names_all_is_known_and_checked(pasted):
    run = pasted("Name\tE-mail\tCompany\tStage\nAmara\tamara@x.no\tFjell AS\tLead\nBo\tbo@x.no\t\tCustomer\n")
    assert places_of(run) == ["name", "emails", "company", "stage"]
    assert (run.name, run.rows, run.state) == ("Pasted rows", 2, "checked")
    assert is_plain(run)
    doors.start_run(run)
    assert run.state == "done"
    assert list(Person.objects.order_by("name").values_list("name", "email")) == [
        ("Amara", "amara@x.no"), ("Bo", "bo@x.no"),
    ]  # fmt: skip
    with pytest.raises(ImportRefused):
        doors.start_run(run)


def test_without_names_content_tells(pasted):
    run = pasted("Amara Okafor\tamara@x.no\t+47 77 60 12 34\tLead\nBo Ek\tbo@x.no\t+47 77 60 12 35\tCustomer\n")
    assert places_of(run) == ["name", "emails", "phones", "stage"]
    assert sure_of(run) == ["likely"] * 4
    assert run.rows == 2
    assert is_plain(run)


def test_without_names_the_order_of_the_list_tells_the_rest(pasted):
    run = pasted("\n".join(f"Person {n}\tFirm {n}\t{email}" for n, email in enumerate(THREE)))
    assert places_of(run) == ["name", "company", "emails"]
    assert sure_of(run) == ["likely"] * 3
    run = pasted("\n".join(f"{email}\tPerson {n}\tFirm {n}" for n, email in enumerate(THREE)))
    assert places_of(run) == ["emails", "name", "company"]
    assert sure_of(run) == ["likely", "unsure", "unsure"]
    assert run.state == "staged"


def test_the_columns_that_the_list_shows_are_those_that_are_meant(pasted):
    rows = "Amara\tOslo\tFair\nBo\tBergen\tLetter"
    assert places_of(pasted(rows, shown=("name", "city", "source"))) == ["name", "addresses.city", "source"]
    assert places_of(pasted(rows, shown=("name", "source", "city"))) == ["name", "source", "addresses.city"]


def test_what_no_list_shows_is_asked_for(pasted):
    run = pasted("Amara\tOslo\tgreen\nBo\tBergen\tblue", shown=("name",))
    assert places_of(run) == ["name", "", ""]
    assert run.state == "staged"


def test_columns_without_names_are_not_remembered(pasted):
    doors.start_run(pasted("Amara\tamara@x.no\nBo\tbo@x.no"))
    run = pasted("Cy\t+47 77 60 12 34\nDi\t+47 77 60 12 35")
    assert places_of(run) == ["name", "phones"]


def test_a_date_is_not_taken_for_a_birthday_unseen(pasted):
    run = pasted("Amara\tamara@x.no\t2021-03-01\nBo\tbo@x.no\t2022-04-02")
    assert run.columns[2] | {"header": ""} == run.columns[2] | {"header": "", "to": "birthday", "sure": "unsure"}
    assert run.state == "staged"


def test_what_is_wrong_is_found_by_the_same_checks(pasted):
    run = pasted("Name\tE-mail\nAmara\tamara@fjell\nBo\tbo@x.no\nCy\tcy@x.no\n")
    assert run.state == "checked"
    assert not is_plain(run)


def test_those_who_are_here_already_are_recognised(pasted):
    doors.start_run(pasted("Name\tE-mail\nAmara\tamara@x.no\nBo\tbo@x.no\n"))
    run = pasted("Name\tE-mail\tSource\nAmara\tamara@x.no\tFair\nCy\tcy@x.no\tFair\n")
    assert is_plain(run)
    doors.start_run(run)
    assert run.results["counts"]["created"] == run.results["counts"]["changed"] == 1
    assert Person.objects.count() == 3


@pytest.mark.parametrize("text", ["", "\n\t\n", "Name\tE-mail\n"])
def test_nothing_is_no_import(pasted, text):
    with pytest.raises(ImportRefused, match="no rows"):
        pasted(text)


def test_too_much_points_at_the_file(pasted, monkeypatch):
    monkeypatch.setattr(pasting, "MOST_ROWS", 3)
    pasted("Name\nA\nB\nC")
    with pytest.raises(ImportRefused, match=r"4 rows are too many to paste; 3 at most.*file"):
        pasted("Name\nA\nB\nC\nD")
    with pytest.raises(ImportRefused, match=r"2 MB.*file"):
        pasted("Name\n" + "ä" * 1024**2)


def test_many_rows_run_in_the_background(pasted, monkeypatch):
    monkeypatch.setattr(doors, "FEW_PASTED", 1)
    run = pasted("Name\tE-mail\nAmara\tamara@x.no\nBo\tbo@x.no\n")
    doors.start_run(run)
    assert run.state == "run"


def test_whoever_may_not_import_may_not_paste(pasted, monkeypatch, db):
    monkeypatch.setitem(gate.POLICIES, "reader", {"*": gate.Policy({"read": "all", "create": "all"})})
    with pytest.raises(NotAllowed):
        pasted("Name\tE-mail\nAmara\tamara@x.no", user=make_user("Rita", "reader"))
    assert not ImportRun.objects.exists()


def test_naughty_strings_stay_what_they_are(pasted):
    if not STRINGS.is_file():
        pytest.skip(f"The real strings are not here: {STRINGS}")
    names = [one for one in json.loads(STRINGS.read_text()) if one.strip() and "\t" not in one]
    text = "\r\n".join(["Name\tSource", *(f"{_as_copied(one)}\t{_as_copied(one)}" for one in names)])
    run = pasted(text)
    doors.map_columns(run, run.columns, {"match": "", "mode": "create"})
    doors.start_check(run)
    doors.start_run(run)
    run_waiting_jobs()
    kept = set(Person.objects.values_list("source", flat=True))
    assert len(kept & {one.strip() for one in names}) > 0.9 * len(set(names))
