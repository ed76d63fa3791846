"""Bulk edits in the background tell their user by the bell that they have ended."""

from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.engine.accounts.notifications import notify
from rapport.engine.records.bulk.notices import TELLERS
from rapport.engine.records.bulk.telling import words_of
from rapport.engine.records.models import BulkRun

State = BulkRun.State


def tell_by_the_bell() -> None:
    """Let bulk edits ring."""
    if ring not in TELLERS:
        TELLERS.append(ring)


def ring(run: BulkRun) -> None:
    """One line for each end: done, cancelled or stopped."""
    if run.user_id is None:
        return
    titles = {State.DONE: _("Your bulk edit is done"), State.CANCELLED: _("Your bulk edit was cancelled")}
    notify(
        run.user_id,
        title=titles.get(State(run.state), _("Your bulk edit stopped")),
        body=run.error or words_of(run),
        url=reverse("web:bulk-run", args=[run.pk]),
        key=f"bulk:{run.pk}:{run.state}:{run.slices_done}",
    )
