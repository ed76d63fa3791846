"""One-time links: sign in without a password, once and for a short time."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from rapport.engine.accounts.models.user import User


class Purpose(models.TextChoices):
    SIGN_IN = "sign in"
    INVITATION = "invitation"
    FIRST_ADMINISTRATOR = "first administrator"


class OneTimeLink(models.Model):
    """A link that lets one user in. Without a user it makes the first administrator of an empty instance."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="links")
    purpose = models.CharField(max_length=30, choices=Purpose.choices)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    @staticmethod
    def usable(now: datetime) -> Q:
        """Neither used nor expired, and its user may still sign in."""
        user_may = Q(user=None) | Q(user__deactivated_at=None, user__deleted_at=None)
        return Q(used_at=None, expires_at__gt=now) & user_may
