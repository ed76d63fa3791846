"""Exports and other reads that the journal tells of: who took how much out of the house."""

from heapq import nlargest

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.accounts.audit.noted import facts
from rapport.engine.accounts.audit.report import MOST_ROWS, Cell, Column, Count, Section, Verdict, iso, table
from rapport.engine.accounts.audit.sections import Asked, Looked
from rapport.engine.events.models import JournalEntry
from rapport.engine.records.exports.export import RecordsExported
from rapport.engine.records.registry import find_record_type


def look(asked: Asked) -> Looked:
    """What was exported, the largest first, against the number of rows that the house calls large."""
    entries = list(facts(asked, RecordsExported.kind))
    of_charts = sum(_what(one) == "chart" for one in entries)
    large = [one for one in entries if _rows(one) >= settings.AUDIT_LARGE_EXPORT]
    counts = (
        Count("exports", _("Exports of records"), len(entries) - of_charts),
        Count("charts", _("Numbers of charts"), of_charts),
        Count("rows", _("Rows in all"), sum(max(_rows(one), 0) for one in entries)),
        Count("large", _("Large exports"), len(large)),
    )
    words = {"n": len(large), "rows": f"{settings.AUDIT_LARGE_EXPORT:,}"}
    verdict, advice = Verdict.GOOD, _("No export had %(rows)s rows or more.") % words
    if large:
        verdict = Verdict.LOOK
        advice = (
            ngettext(
                "%(n)d export had %(rows)s rows or more. Ask what it was for.",
                "%(n)d exports had %(rows)s rows or more. Ask what they were for.",
                len(large),
            )
            % words
        )
    columns = (
        Column(_("By")), Column(_("What")), Column(_("Filter")), Column(_("Format")), Column(_("Rows"), "number"),
        Column(_("When"), "time"),
    )  # fmt: skip
    largest = [_row(one) for one in nlargest(MOST_ROWS, entries, key=_rows)]
    tables = (table(_("Exports, the largest first"), columns, largest, len(entries)),) if entries else ()
    return Looked(Section("taken_out", _("Large exports"), verdict, advice, counts, tables))


def _row(entry: JournalEntry) -> tuple[Cell, ...]:
    data = entry.data
    rtype = find_record_type(str(data.get("record_type")))
    what = str(rtype.label_plural) if rtype else str(data.get("record_type") or "")
    words = _("%(what)s (chart)") % {"what": what} if _what(entry) == "chart" else what
    return (entry.actor_name, words, data.get("where", ""), data.get("format", ""), data.get("rows"), iso(entry.at))


def _rows(entry: JournalEntry) -> int:
    """How many rows an export had; -1 where the journal does not say."""
    rows = entry.data.get("rows")
    return rows if isinstance(rows, int) else -1


def _what(entry: JournalEntry) -> str:
    return str(entry.data.get("what") or "records")
