"""An audit in plain text, 80 columns wide."""

import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.accounts.audit.report import Cell, Column, Report, Section, Table, Verdict
from rapport.engine.records.definitions import definitions

WIDTH = 80
GAP = "  "


def as_text(report: Report) -> str:
    """The whole report."""
    lines = [_("Audit"), "=" * len(_("Audit")), "", *_wrapped(_span(report)), *_wrapped(verdict_line(report) + "."), ""]
    for one in report.sections:
        lines += [*_section(one), ""]
    return "\n".join(lines).rstrip() + "\n"


def verdict_word(verdict: Verdict) -> str:
    """How something stands, in a word."""
    return {Verdict.GOOD: _("good"), Verdict.LOOK: _("look"), Verdict.ACT: _("act")}[verdict]


def verdict_line(report: Report) -> str:
    """How the whole stands, in a few words."""
    act, look = report.count_of(Verdict.ACT), report.count_of(Verdict.LOOK)
    parts = []
    if act:
        parts.append(ngettext("act on %(n)d thing", "act on %(n)d things", act) % {"n": act})
    if look:
        parts.append(ngettext("look at %(n)d thing", "look at %(n)d things", look) % {"n": look})
    return ", ".join(parts) or _("all is good")


def cell_text(cell: Cell, column: Column) -> str:
    """A cell as people read it, times in the zone of the house."""
    if cell is None:
        return ""
    if column.kind == "number":
        return f"{cell:,}"
    return _moment(str(cell)) if column.kind == "time" else str(cell)


def _span(report: Report) -> str:
    words = {"since": _moment(report.since.isoformat()), "until": _moment(report.until.isoformat())}
    return _("From %(since)s to %(until)s, times in the zone of the house.") % words


def _moment(text: str) -> str:
    local = timezone.localtime(datetime.fromisoformat(text), definitions().organisation.zone)
    return f"{date_format(local, 'Y-m-d')} {date_format(local, 'H:i')}"


def _section(one: Section) -> Iterator[str]:
    title = f"{one.title}: {verdict_word(one.verdict).upper()}"
    yield from (title, "-" * len(title))
    yield from _wrapped(one.advice)
    yield ""
    widest = max((len(f"{count.value:,}") for count in one.counts), default=0)
    for count in one.counts:
        yield f"{GAP}{count.value:>{widest},}{GAP}{count.label}"
    for shown in one.tables:
        yield ""
        yield from _table(shown)


def _table(one: Table) -> Iterator[str]:
    yield from _wrapped(one.title, GAP)
    columns = [one.columns[place] for place in one.telling]
    rows = [[cell_text(row[place], one.columns[place]) for place in one.telling] for row in one.rows]
    head = [column.label for column in columns]
    widths = [max(len(cells[place]) for cells in [head, *rows]) for place in range(len(head))]
    if sum(widths) + len(GAP) * (len(widths) + 1) <= WIDTH:
        for cells in [head, *rows]:
            yield GAP * 2 + GAP.join(_padded(cells, widths, columns)).rstrip()
    else:
        for cells in rows:
            yield from _wrapped(_sentence(head, cells), GAP * 2, GAP * 3)
    if one.left_out:
        yield GAP * 2 + ngettext("and %(n)d more", "and %(n)d more", one.left_out) % {"n": one.left_out}


def _padded(cells: Sequence[str], widths: Sequence[int], columns: Sequence[Column]) -> Iterator[str]:
    for cell, width, column in zip(cells, widths, columns, strict=True):
        yield cell.rjust(width) if column.kind == "number" else cell.ljust(width)


def _sentence(head: Sequence[str], cells: Sequence[str]) -> str:
    """A row too wide for columns: its first cell, then what the others say."""
    rest = "; ".join(f"{label}: {cell}" for label, cell in zip(head[1:], cells[1:], strict=True) if cell)
    return f"{cells[0]}. {rest}" if rest else cells[0]


def _wrapped(text: str, indent: str = "", further: str | None = None) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent if further is None else further,
        break_on_hyphens=False,
    )  # fmt: skip
