"""Where video calls take place."""

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.models import Journaled

THE_ONE = UUID(int=2)
USUAL = "https://meet.jit.si/{room}"


class CallRules(Journaled):
    """One row at most; without it the usual address holds. `{room}` in `address` becomes a room of its own."""

    address = models.CharField(max_length=300, default=USUAL)

    class Meta:
        db_table = "call_rules"

    def __str__(self) -> str:
        return str(_("Video calls"))
