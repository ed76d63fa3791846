"""API tokens: what programs sign in with. The secret is shown once and kept only as a digest."""

from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.accounts.models.user import User
from rapport.engine.events.actor import Actor
from rapport.engine.events.models import Journaled


class Scope(models.TextChoices):
    READ = "read", _("Read only")
    WRITE = "write", _("Read and write")


class ApiToken(Journaled):
    """A token that acts on behalf of a user. Revoking it destroys its digest, so nothing can bring it back."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("Name"), max_length=100)
    scope = models.CharField(_("Scope"), max_length=10, choices=Scope.choices, default=Scope.READ)
    digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    journal_exclude: ClassVar[frozenset[str]] = frozenset({"digest"})
    undoable: ClassVar[bool] = False

    def __str__(self) -> str:
        return self.name

    @property
    def last_used_at(self) -> datetime | None:
        use = getattr(self, "use", None)
        return use.last_used_at if use else None

    @property
    def actor(self) -> Actor:
        """This token as the one who acts, with its user's roles and within its own scope."""
        scopes = {Scope.READ.value, self.scope}
        name = f"{self.user} ({self.name})"
        return replace(
            self.user.actor, kind="token", id=self.pk, name=name, on_behalf_of=self.user_id, scopes=frozenset(scopes)
        )


class TokenUse(models.Model):
    """When a token was last used, to the minute."""

    token = models.OneToOneField(ApiToken, models.CASCADE, primary_key=True, related_name="use")
    last_used_at = models.DateTimeField()
