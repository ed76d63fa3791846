"""Reads of users and tokens for their own pages."""

from uuid import UUID

from django.db import models
from django.db.models.functions import Coalesce, NullIf
from django.http import Http404

from rapport.engine.accounts.models import ApiToken, TeamMember, User
from rapport.engine.accounts.models.circle import chart


def all_users() -> "models.QuerySet[User]":
    """Everybody by name, those who are deactivated last."""
    shown = Coalesce(NullIf("name", models.Value("")), "email")
    by_state = models.F("deactivated_at").desc(nulls_first=True)
    return User.objects.filter(deleted_at=None).alias(shown=shown).order_by(by_state, "shown")


def user_or_404(key: UUID) -> User:
    try:
        return all_users().get(pk=key)
    except User.DoesNotExist as error:
        raise Http404 from error


def tokens_of(user: User) -> "models.QuerySet[ApiToken]":
    """The tokens of a user that still work, newest first."""
    live = ApiToken.objects.filter(user=user, digest__isnull=False, deleted_at=None)
    return live.select_related("use", "user").order_by("-created_at")


def teams_joined(user: User) -> list[TeamMember]:
    """The teams in force that a user is in, by name, each with whether the user leads it."""
    joined = TeamMember.objects.filter(user=user, deleted_at=None, joined_at__isnull=False)
    rows = joined.filter(team__in=list(chart().parents))
    return list(rows.select_related("team").order_by("team__name"))
