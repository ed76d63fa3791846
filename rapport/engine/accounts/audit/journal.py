"""The journal: whether it is whole, what is not sealed yet, and what was erased by request."""

import time

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.accounts.audit.report import UNPROVED, Column, Count, Section, Table, Verdict, Verified, table
from rapport.engine.accounts.audit.sections import Asked, Looked
from rapport.engine.events.journal.verify import FROM_THE_FIRST, Report, Start, verify

MANY_UNSEALED = 100_000


def look(asked: Asked) -> Looked:
    """Verify what came after the last audit, or everything. What was altered ends the proof until it is explained."""
    started = time.monotonic()
    found = verify(start=_start(asked))
    seconds = time.monotonic() - started
    counts = (
        Count("verified", _("Entries verified"), found.sealed),
        Count("unsealed", _("Entries not sealed yet"), found.unsealed),
        Count("erased", _("Entries erased by request"), sum(found.erased.values())),
        Count("faults", _("Faults"), len(found.faults)),
        Count("milliseconds", _("Milliseconds that it took"), round(seconds * 1000)),
    )
    verdict, advice = _verdict(found, asked)
    verified = UNPROVED if found.faults else Verified(found.seal, found.head)
    tables = tuple(one for one in (_faults(found), _erased(found), _head(verified)) if one.total)
    return Looked(Section("journal", _("Journal"), verdict, advice, counts, tables), verified)


def _start(asked: Asked) -> Start:
    if asked.is_full or asked.proved_until is None:
        return FROM_THE_FIRST
    return Start(asked.before.seal, asked.before.head, asked.proved_until)


def _verdict(found: Report, asked: Asked) -> tuple[Verdict, str]:
    if found.faults:
        return Verdict.ACT, ngettext(
            "The journal was altered in %(n)d place. Keep a copy of the database and find out who had access to it.",
            "The journal was altered in %(n)d places. Keep a copy of the database and find out who had access to it.",
            len(found.faults),
        ) % {"n": len(found.faults)}
    if found.unsealed > MANY_UNSEALED:
        return Verdict.LOOK, _("Many entries are not sealed. See under Jobs whether the seal is held up.")
    if not found.seal and found.unsealed:
        return Verdict.LOOK, _("Nothing is sealed yet, so nothing could be verified. The worker seals all the time.")
    if _start(asked) is FROM_THE_FIRST:
        return Verdict.GOOD, _("The whole journal was verified. Nothing was altered.")
    return Verdict.GOOD, _("What is new since block %(seal)d was verified. Nothing was altered.") % {
        "seal": asked.before.seal
    }


def _faults(found: Report) -> Table:
    return table(_("Faults"), [Column(_("Fault"))], [(one,) for one in found.faults])


def _erased(found: Report) -> Table:
    columns = Column(_("Request")), Column(_("Entries"), "number")
    return table(_("Erased by request"), columns, sorted(found.erased.items()))


def _head(verified: Verified) -> Table:
    columns = Column(_("Head")), Column(_("Block"), "number")
    rows = [(verified.head, verified.seal)] if verified.head else []
    return table(_("Keep this elsewhere: it proves that the end was not cut off"), columns, rows)
