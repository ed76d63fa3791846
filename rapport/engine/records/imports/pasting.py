"""Rows pasted from a spreadsheet: a file of their own that goes in by the same door, as far as nobody must decide."""

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import require
from rapport.engine.records.imports import doors
from rapport.engine.records.imports.contents import names_columns
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.reading.clipboard import as_file, rows_of
from rapport.engine.records.models import ImportProblem, ImportRun
from rapport.engine.records.registry import RecordType

MOST_ROWS = 5_000
MOST_BYTES = 2 * 1024**2
KNOWN = frozenset({"sure", "likely", "remembered", "said", "empty"})
State = ImportRun.State


def paste(actor: Actor, rtype: RecordType, text: str, *, shown: Sequence[str]) -> ImportRun:
    """Take in pasted rows, and check them if it is plain where each column goes. `shown` are the columns of the list.

    Raises ImportRefused, FileRefused or NotAllowed.
    """
    require(actor, rtype, "import")
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise ImportRefused(_("More than 2 MB are too much to paste. Save the rows as a file and import that."))
    rows = rows_of(text)
    has_names = bool(rows) and names_columns(actor, rtype, rows[0])
    count = len(rows) - has_names
    if count < 1:
        raise ImportRefused(_("There are no rows in this. Copy rows from a spreadsheet and paste them here."))
    if count > MOST_ROWS:
        words = _("%(count)s rows are too many to paste; %(most)s at most. Save them as a file and import that.")
        raise ImportRefused(words % {"count": f"{count:,}", "most": f"{MOST_ROWS:,}"})
    pasted = doors.Pasted(has_names=has_names, shown=shown)
    run = doors.begin(
        actor, rtype, BytesIO(as_file(rows)), name=_("Pasted rows"), options={"rule": "fill"}, pasted=pasted
    )
    if run.state == State.STAGED and all(column["sure"] in KNOWN for column in run.columns):
        doors.start_check(run)
    return run


def is_plain(run: ImportRun) -> bool:
    """Whether rows were pasted, are checked, and nothing is wrong with any of them."""
    return run.is_pasted and run.state == State.CHECKED and not ImportProblem.objects.filter(run_id=run.pk).exists()
