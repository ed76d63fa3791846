"""Teams: a tree that administrators shape, and teams for a time that anybody gathers by invitation."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.models import Journaled
from rapport.engine.records.folding import fold_key

LIVE = models.Q(deleted_at=None)


class Team(Journaled):
    """People who work together. With `ends_on`, the last day, it is a team for a time, which `gatherer` called."""

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"name_fold"})

    name = models.CharField(_("Name"), max_length=100)
    name_fold = models.TextField(db_collation="C", editable=False)
    purpose = models.CharField(_("What it is for"), max_length=300, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    ends_on = models.DateField(_("Last day"), null=True)
    gatherer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name_fold"], condition=LIVE, name="team_name_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(parent=None), name="team_for_a_time_has_no_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_for_a_time(self) -> bool:
        return self.ends_on is not None

    def derive(self) -> None:
        """The fold key follows the name."""
        self.name_fold = fold_key(self.name)


class TeamMember(Journaled):
    """Somebody in a team, or asked to join it. Who `leads` sees what the members of it and the teams below own."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    leads = models.BooleanField(_("Leads"), default=False)
    # None while the invitation waits for an answer.
    joined_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("membership of a team")
        verbose_name_plural = _("memberships of teams")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "user"], condition=LIVE, name="in_a_team_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.team}"
