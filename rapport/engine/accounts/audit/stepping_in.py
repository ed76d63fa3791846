"""Where somebody stood in for another: pages seen as another user, links made for others, restored backups."""

from collections.abc import Mapping
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from rapport.engine.accounts.audit.noted import facts
from rapport.engine.accounts.audit.report import Column, Count, Section, Table, Verdict, iso, table
from rapport.engine.accounts.audit.sections import Asked, Looked
from rapport.engine.accounts.audit.signing_in import purpose_word
from rapport.engine.accounts.events import LinkMade, ViewedAs
from rapport.engine.accounts.models import Purpose, User
from rapport.engine.events.models import JournalEntry

FIRST_OF_ERAS = """
SELECT first.at FROM generate_series(2, (SELECT max(era) FROM journal_era)) AS era
CROSS JOIN LATERAL (SELECT at FROM journal WHERE journal.era = era.era ORDER BY xid, id LIMIT 1) AS first
WHERE first.at > %s AND first.at <= %s ORDER BY 1
"""


def look(asked: Asked) -> Looked:
    """What administrators did in the place of others, and when the database began anew from a backup."""
    viewed = list(facts(asked, ViewedAs.kind))
    made = [one for one in facts(asked, LinkMade.kind) if one.user_id != one.about_id]
    links = [one for one in made if one.data.get("purpose") != Purpose.INVITATION]
    restored = _restored(asked)
    counts = (
        Count("viewed_as", _("Looks as another user"), len(viewed)),
        Count("links_for_others", _("Links made for others to sign in"), len(links)),
        Count("invitations", _("Invitations"), len(made) - len(links)),
        Count("restored", _("Restored backups"), len(restored)),
    )
    verdict, advice = Verdict.GOOD, _("Nobody stood in for another.")
    if viewed or links or restored:
        verdict, advice = (
            Verdict.LOOK,
            _("Ask those who were looked as, or for whom links were made, whether they know."),
        )
    if restored and not (viewed or links):
        advice = _("A backup was restored: what was done after it was made is gone.")
    names: dict[UUID | None, str] = {one.pk: str(one) for one in User.objects.all()}
    shown = (
        _deeds(_("Looks as another user"), viewed, names),
        _deeds(_("Links made for others"), made, names),
        table(_("Restored backups"), [Column(_("The first entry after it"), "time")], [(one,) for one in restored]),
    )
    section = Section(
        "stepping_in", _("In the place of others"), verdict, advice, counts, tuple(t for t in shown if t.total)
    )
    return Looked(section)


def _deeds(title: str, entries: list[JournalEntry], names: Mapping[UUID | None, str]) -> Table:
    columns = Column(_("By")), Column(_("For")), Column(_("Purpose")), Column(_("When"), "time")
    rows = [
        (one.actor_name, names.get(one.about_id, ""), purpose_word(str(one.data.get("purpose") or "")), iso(one.at))
        for one in entries
    ]
    return table(title, columns, rows)


def _restored(asked: Asked) -> list[str]:
    """Every restored backup begins an era of the journal: when the first entry of each was written."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_OF_ERAS, [asked.since, asked.until])
        return [at.isoformat() for (at,) in cursor.fetchall()]
