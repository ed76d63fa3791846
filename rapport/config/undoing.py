"""An undo in the background tells who asked for it by the bell that it has ended."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.accounts.notifications import notify
from rapport.engine.events.undo.large import Undoing, tellers


def tell_by_the_bell() -> None:
    """Let a large undo ring."""
    if ring not in tellers:
        tellers.append(ring)


def ring(user_id: UUID, how: Undoing) -> None:
    """One line for each end: done or stopped."""
    is_done = how.state == "done"
    notify(
        user_id,
        title=_("The changes are taken back") if is_done else _("Taking back the changes stopped"),
        body=_words(how) if is_done else how.error,
        url=reverse("web:undoing", args=[how.batch]),
        key=f"undo:{how.undoing}:{how.state}",
    )


def _words(how: Undoing) -> str:
    text = ngettext("Undone: %(count)d change.", "Undone: %(count)d changes.", how.rows) % {"count": how.rows}
    if how.kept:
        kept = ngettext("%(count)d value is kept as it is.", "%(count)d values are kept as they are.", how.kept)
        text += " " + kept % {"count": how.kept}
    return text
