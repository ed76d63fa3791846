"""What this installation asks of everybody who signs in."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.models import Journaled

THE_ONE = UUID(int=1)


class SignInRules(Journaled):
    """One row at most; without it nothing is asked."""

    everybody_needs_factor = models.BooleanField(_("Everybody needs a second factor"), default=False)
    asks_about_leaks = models.BooleanField(_("Ask whether a password has leaked"), default=False)

    undoable: ClassVar[bool] = False

    def __str__(self) -> str:
        return str(_("Rules of signing in"))
