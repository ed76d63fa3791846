"""What came of a bulk edit, in words, and the records that refused."""

import csv
import io
from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.events.actor import Actor
from rapport.engine.records.bulk.running import type_of
from rapport.engine.records.imports.cells import neutral
from rapport.engine.records.models import BulkRefusal, BulkRun
from rapport.engine.records.queries.labels import labels

Deed = BulkRun.Deed
CHUNK = 500


def words_of(run: BulkRun) -> str:
    """`1,204 records were changed, 3 refused.`"""
    changed = run.counts.get("changed", 0)
    shown = {
        Deed.EDIT: ngettext("%(count)s record was changed", "%(count)s records were changed", changed),
        Deed.DELETE: ngettext("%(count)s record was deleted", "%(count)s records were deleted", changed),
        Deed.RESTORE: ngettext("%(count)s record is back", "%(count)s records are back", changed),
        Deed.CONFIRM: ngettext("%(count)s record was confirmed", "%(count)s records were confirmed", changed),
    }[Deed(run.deed)]
    beside = [f"{run.counts[name]:,} {word}" for name, word in beside_words().items() if run.counts.get(name)]
    return ", ".join([shown % {"count": f"{changed:,}"}, *beside]) + "."


def beside_words() -> dict[str, str]:
    """What else can become of a record."""
    return {
        "same": _("already like that"), "beyond": _("left out, for they are not yours to change"),
        "gone": _("gone meanwhile"), "refused": _("refused"),
    }  # fmt: skip


def refusals(actor: Actor, run: BulkRun, limit: int) -> list[tuple[UUID, str, str]]:
    """The first records that refused: id, title and reason, as far as the actor may see them."""
    return next(_seen(actor, run, limit), [])


def refusals_csv(actor: Actor, run: BulkRun) -> Iterator[str]:
    """The records that refused, as CSV in pieces."""
    yield _lines([[_("Rapport ID"), _("Name"), _("Reason")]])
    for some in _seen(actor, run, CHUNK):
        yield _lines([[str(key), neutral(title), neutral(reason)] for key, title, reason in some])


def _seen(actor: Actor, run: BulkRun, limit: int) -> Iterator[list[tuple[UUID, str, str]]]:
    rtype, last = type_of(run), 0
    while found := list(BulkRefusal.objects.filter(run_id=run.pk, pk__gt=last).order_by("pk")[:limit]):
        titles = labels(actor, [(rtype.slug, one.record) for one in found])
        yield [(one.record, titles[one.record].title, one.reason) for one in found if one.record in titles]
        last = found[-1].pk


def _lines(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
