"""Reading files: dialects, encodings, formats; on files that nobody here made."""

import csv
import io
import json
import tarfile

from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.engine.accounts.actions import create_token
from rapport.engine.accounts.models import Scope
from rapport.engine.events.act import open_act
from rapport.engine.records.imports.cells import date_order, decimal_comma, neutral, plain_date, plain_number, restored
from rapport.engine.records.imports.reading.csvfile import detect, read_csv
from rapport.engine.records.imports.reading.dialect import detect_dialect, reader
from rapport.engine.records.imports.reading.vcard import AT, read_vcards
from rapport.engine.records.imports.staging import staged as staged_cells
from rapport.engine.records.models import ImportRun

MISPRINTED = {"location_coordinates": {"Contact Phone Number": "2095257564"}}
WORD = st.sampled_from(
    ["Amara", "Oslo", "12", "3.5", "a, b", "x; y", "p|q", 'say "hi"', "two\nlines", "", "Ærø", "O'Hara"]
)
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(WORD, min_size=width, max_size=width), min_size=4, max_size=12)
)


@settings(max_examples=120, deadline=None)
@given(TABLES, st.sampled_from([",", ";", "\t", "|"]))
def test_what_a_writer_wrote_is_read_back_whatever_its_delimiter(rows, delimiter):
    rows = [[f"Column {index}" for index in range(len(rows[0]))], *rows]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    dialect = detect_dialect(text.getvalue(), "utf-8")
    assert list(reader(io.StringIO(text.getvalue(), newline=""), dialect)) == rows


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20))
def test_a_cell_made_harmless_comes_back(text):
    safe = neutral(text)
    assert restored(safe) == text
    assert not safe.startswith(("=", "+", "@", "\t", "\r"))


def test_numbers_and_dates_of_any_house():
    assert decimal_comma(["1.234,56", "12,5"])
    assert not decimal_comma(["1,234.56", "12.5"])
    assert plain_number("1.234,56", comma=True) == plain_number("1,234.56", comma=False) == "1234.56"
    assert date_order(["3.10.2019", "14.02.2021"]) == "dmy"
    assert date_order(["3/10/2019", "02/14/2021"]) == "mdy"
    assert plain_date("14.02.2021", order="dmy") == "2021-02-14"
    assert plain_date("3. Okt 2019", order="dmy") == "2019-10-03"


def spectrum(data):
    """The files with what they should be read as; one of them says another phone number than its file."""
    for path in sorted((data / "csv-spectrum" / "csvs").glob("*.csv")):
        expected = json.loads((data / "csv-spectrum" / "json" / f"{path.stem}.json").read_text())
        rows = expected if isinstance(expected, list) else [expected]
        yield path, [row | MISPRINTED.get(path.stem, {}) for row in rows]


def test_the_spectrum_of_csv(data):
    seen = list(spectrum(data))
    assert len(seen) == 12
    for path, expected in seen:
        head, *rows = list(read_csv(path, detect(path)))
        assert [dict(zip(head, row, strict=True)) for row in rows] == expected, path.name


def test_the_spectrum_through_the_api(data, dana):
    with open_act(dana.actor) as act:
        _token, secret = create_token(act, dana, name="spectrum", scope=Scope.WRITE)
    headers = {"Authorization": f"Bearer {secret}"}
    for path, expected in spectrum(data):
        with path.open("rb") as file:
            sent = Client().post("/api/v1/imports", {"record_type": "people", "file": file}, headers=headers)
        assert sent.status_code == 201, (path.name, sent.content)
        answer = sent.json()
        assert (answer["state"], answer["rows"], answer["name"]) == ("checked", len(expected), path.name)
        run = ImportRun.objects.get(pk=answer["id"])
        assert [dict(zip(run.header, cells, strict=True)) for _n, cells in staged_cells(run, limit=99)] == expected


def test_csv_test_data(data):
    for path in sorted((data / "csv-test-data" / "csv").glob("*.csv")):
        expected = data / "csv-test-data" / "json" / f"{path.stem}.json"
        rows = list(read_csv(path, detect(path)))
        if expected.exists():
            wanted = json.loads(expected.read_text())
            wanted = [list(one.values()) for one in wanted] if wanted and isinstance(wanted[0], dict) else wanted
            assert [row for row in wanted if any(row)] in (rows, rows[1:]), path.name


def test_polluted_files_become_tables_or_sentences(data, dana, staged, tmp_path):
    with tarfile.open(data / "pollock-polluted" / "polluted_files.tar.gz") as archive:
        names = [
            name for name in archive.getnames() if name.startswith("polluted_files/csv/") and name.endswith(".csv")
        ]
        for name in names:
            run = staged(dana, "people", archive.extractfile(name).read(), name=name.rpartition("/")[2])
            assert run.state == "staged" or run.error, name
            assert run.state != "staged" or run.header or not run.rows, name


def test_cards_of_every_program(data):
    names = {}
    for path in sorted((data / "vcards").glob("*.vcf")):
        _head, *cards = read_vcards(path, "utf-8")
        names[path.name] = [card[AT["Name"]] for card in cards]
    assert names["rfc6350-example.vcf"] == ["Simon Perreault"]
    assert names["John_Doe_MS_OUTLOOK.vcf"] == ["Mr. John Richter James Doe Sr."]
