"""Workbooks: every kind of cell, strings on disk, and those that are not what they say."""

import datetime
import io
import zipfile

import pytest
from openpyxl import Workbook

from rapport.engine.jobs.tests.support import child
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.reading.xlsx import read_xlsx

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRINGS = "xl/sharedStrings.xml"
TYPES = "[Content_Types].xml"
STRINGS_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
SHEET = "xl/worksheets/sheet1.xml"
GROWTH = """
import re, sys
from pathlib import Path
from rapport.engine.records.imports.reading.xlsx import read_xlsx

def most():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

small, large = (Path(one) for one in sys.argv[1:])
assert len(list(read_xlsx(small))) == 2
before = most()
assert sum(1 for _row in read_xlsx(large)) == 20_000
sys.exit(most() - before > 12 * 1024)
"""


@pytest.fixture
def book(tmp_path):
    """A workbook with rows, and with parts of it replaced: `book([["Name"], ["Amara"]], {SHEET: b"…"})`."""

    def made(rows, parts=None, *, name="book.xlsx"):
        workbook = Workbook()
        for row in rows:
            workbook.active.append(row)
        held = io.BytesIO()
        workbook.save(held)
        path = tmp_path / name
        with zipfile.ZipFile(held) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as to:
            whole = {part: source.read(part) for part in source.namelist()} | (parts or {})
            whole[TYPES] = whole[TYPES].replace(b"</Types>", STRINGS_TYPE if STRINGS in whole else b"</Types>")
            for part, content in whole.items():
                to.writestr(part, content)
        return path

    return made


def sheet_of(rows):
    """A sheet as XML: each row a list of whole cells."""
    lines = "".join(f"<row>{''.join(row)}</row>" for row in rows)
    start, end = f'<x:worksheet xmlns:x="{MAIN}" xmlns="{MAIN}"><sheetData>', "</sheetData></x:worksheet>"
    return f'<?xml version="1.0"?>{start}{lines}{end}'.encode()


def strings_of(texts):
    items = "".join(f"<si>{text}</si>" for text in texts)
    return f'<?xml version="1.0"?><sst xmlns="{MAIN}">{items}</sst>'.encode()


def test_cells_as_people_would_write_them(book):
    rows = [
        ["Name", "Born", "Seen", "Yes", "Size", "Share", "Clock"],
        [
            "Zoë Ærø",
            datetime.date(1980, 10, 3),
            datetime.datetime(2026, 1, 2, 3, 4),
            True,
            12,
            0.5,
            datetime.time(9, 30),
        ],
        ["two\nlines", None, None, False, 1e20, -3.0, None],
        [],
        ["=1+1", None, None, None, None, "late"],
    ]
    assert list(read_xlsx(book(rows))) == [
        ["Name", "Born", "Seen", "Yes", "Size", "Share", "Clock"],
        ["Zoë Ærø", "1980-10-03", "2026-01-02 03:04:00", "yes", "12", "0.5", "09:30:00"],
        ["two\nlines", "", "", "no", "1e+20", "-3"],
        ["", "", "", "", "", "late"],
    ]


def test_strings_of_other_programs(book):
    parts = {
        STRINGS: strings_of(["<t>plain</t>", "<r><t>rich </t></r><r><t>text</t></r>", "<t>語</t><rPh><t>ご</t></rPh>",
                             "<t>a_x000D_b_x005F_c</t>"]),
        SHEET: sheet_of([
            [f'<c t="s"><v>{n}</v></c>' for n in range(4)],
            ['<c r="B1" t="inlineStr"><is><t>inline</t></is></c>', '<c r="D1" t="str"><v>said</v></c>',
             '<c t="e"><v>#N/A</v></c>'],
        ]),
    }  # fmt: skip
    assert list(read_xlsx(book([["some"]], parts))) == [
        ["plain", "rich text", "語", "a\rb_c"],
        ["", "inline", "", "said", "#N/A"],
    ]


def test_many_strings_need_no_memory(book):
    columns, rows = 8, 20_000
    texts = (f"<t>Text number {n} of a long list of cells that all differ</t>" for n in range(columns * rows))
    cells = ([f'<c t="s"><v>{row * columns + n}</v></c>' for n in range(columns)] for row in range(rows))
    large = book([["some"]], {STRINGS: strings_of(texts), SHEET: sheet_of(cells)}, name="large.xlsx")
    small = book([["some"], ["other"]], name="small.xlsx")
    with child("-c", GROWTH, str(small), str(large)) as process:
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    "sheet",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>',
        sheet_of([['<c t="s"><v>99</v></c>']]),
        sheet_of([['<c t="s"><v>-1</v></c>']]),
        sheet_of([['<c r="??1"><v>1</v></c>']]),
        b"<worksheet><row>",
    ],
)
def test_a_broken_workbook_is_refused_with_a_sentence(book, sheet):
    with pytest.raises(ImportRefused, match="cannot be read"):
        list(read_xlsx(book([["some"]], {SHEET: sheet})))


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04nonsense")
    with pytest.raises(ImportRefused):
        list(read_xlsx(tmp_path / "x.xlsx"))
