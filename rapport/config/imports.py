"""Imports tell their user by the bell that they have ended."""

from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.engine.accounts.notifications import notify
from rapport.engine.records.imports.notices import TELLERS
from rapport.engine.records.imports.summary import words_of
from rapport.engine.records.models import ImportRun


def tell_by_the_bell() -> None:
    """Let imports ring."""
    if ring not in TELLERS:
        TELLERS.append(ring)


def ring(run: ImportRun) -> None:
    """One line for each end: done, undone or stopped."""
    if run.user_id is None:
        return
    titles = {"done": _("%(name)s is imported"), "undone": _("The import of %(name)s is taken back")}
    title = titles.get(run.state, _("The import of %(name)s stopped")) % {"name": run.name}
    body = run.error or (words_of(run) if run.state == "done" else "")
    notify(
        run.user_id,
        title=title,
        body=body,
        url=reverse("web:import-result", args=[run.pk]),
        key=f"import:{run.pk}:{run.state}",
    )
