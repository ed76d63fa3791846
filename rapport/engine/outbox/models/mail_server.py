"""The server that takes our mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.models import Journaled
from rapport.engine.outbox.secrets import SealedField


class Security(models.TextChoices):
    """How the connection to the server is protected."""

    NONE = "none", _("None")
    STARTTLS = "starttls", _("STARTTLS")
    TLS = "tls", _("TLS")


class MailServer(Journaled):
    """The one mail server of this installation. Its password is sealed; the journal notes only when it was set."""

    host = models.TextField()
    port = models.PositiveIntegerField(default=587)
    security = models.CharField(max_length=8, choices=Security.choices, default=Security.STARTTLS)
    username = models.TextField(blank=True)
    password = SealedField()
    password_set_at = models.DateTimeField(null=True)
    from_address = models.EmailField()
    from_name = models.TextField(blank=True)
    only = models.BooleanField(default=True, editable=False)

    class Meta:
        db_table = "mail_server"
        constraints = [
            models.UniqueConstraint(fields=["only"], condition=models.Q(deleted_at=None), name="mail_server_only_one")
        ]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
