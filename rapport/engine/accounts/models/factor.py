"""What second factors keep secret. The factors themselves (app, passkeys, recovery codes) are rows of allauth."""

from allauth.mfa.models import Authenticator
from django.db import models

from rapport.engine.outbox.secrets import SealedField


class FactorSecret(models.Model):
    """The secret of an authenticator app, or the recovery codes that are left. Sealed, and bound to its factor."""

    factor = models.OneToOneField(Authenticator, models.CASCADE, primary_key=True, related_name="sealed")
    secret = SealedField()
