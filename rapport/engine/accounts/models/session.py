"""Where users are signed in."""

from django.db import models

from rapport.engine.accounts.models.user import User
from rapport.engine.events.ids import uuid7


class Place(models.Model):
    """One browser in which a user is signed in. `session_key` is what the browser holds: it never leaves the house."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="places")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=300, blank=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at"]
