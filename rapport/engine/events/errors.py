"""What can go wrong with an act, in words for the one who tried."""

from django.utils.translation import gettext as _


class NotAllowed(Exception):
    """The actor may not do this; the message says what and why."""


class CannotUndo(Exception):
    """The batch cannot be undone (any more); the message says why."""


def nothing_to_undo() -> CannotUndo:
    return CannotUndo(_("There is nothing to undo here: this batch made no changes."))
