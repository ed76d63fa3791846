"""Reads of users and tokens for their own pages."""

from collections.abc import Iterable
from uuid import UUID

from django.db import models
from django.db.models.functions import Coalesce, NullIf
from django.http import Http404

from rapport.engine.accounts.models import ApiToken, User


def all_users() -> "models.QuerySet[User]":
    """Everybody by name, those who are deactivated last."""
    shown = Coalesce(NullIf("name", models.Value("")), "email")
    by_state = models.F("deactivated_at").desc(nulls_first=True)
    return User.objects.filter(deleted_at=None).alias(shown=shown).order_by(by_state, "shown")


def active_users() -> "models.QuerySet[User]":
    """Those who may sign in."""
    return User.objects.active()


def active_among(keys: Iterable[UUID]) -> list[User]:
    """Those of the users who may sign in."""
    return list(User.objects.active().filter(pk__in=list(keys)))


def find_user(key: UUID | None) -> User | None:
    """A user, deactivated ones too."""
    return User.objects.filter(pk=key, deleted_at=None).first() if key else None


def user_or_404(key: UUID) -> User:
    try:
        return all_users().get(pk=key)
    except User.DoesNotExist as error:
        raise Http404 from error


def tokens_of(user: User) -> "models.QuerySet[ApiToken]":
    """The tokens of a user that still work, newest first."""
    live = ApiToken.objects.filter(user=user, digest__isnull=False, deleted_at=None)
    return live.select_related("use", "user").order_by("-created_at")
