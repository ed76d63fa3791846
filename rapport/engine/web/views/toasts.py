"""A word after a deed, with the way back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest

from rapport.engine.web.counts import forget_counts


def say(request: HttpRequest, text: str, *, undo: UUID | None = None, back: str = "") -> None:
    """Show a toast on the next page; with `undo`, it offers to take that batch back.

    What is in no batch names the address that puts it `back` when something is posted there.
    """
    forget_counts()
    messages.success(request, text, extra_tags=f"undo:{undo}" if undo else f"back:{back}" if back else "")


def warn(request: HttpRequest, text: str) -> None:
    messages.warning(request, text)
