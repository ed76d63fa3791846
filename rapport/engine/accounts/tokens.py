"""API tokens at the door: from an Authorization header to the actor behind it."""

from datetime import timedelta

from django.utils import timezone

from rapport.engine.accounts.models import ApiToken, TokenUse
from rapport.engine.accounts.secret import digest
from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import seen, stamp_in_force
from rapport.engine.runtime.preparing import prepared

PREFIX = "rapport_"
NOTED_EVERY = timedelta(minutes=1)
OF_THE_USER = ("name", "email", "role", "deactivated_at", "deleted_at")
READ = ("name", "scope", "use__last_used_at", *(f"user__{name}" for name in OF_THE_USER))


def authenticate_token(header: str) -> Actor | None:
    """The actor behind `Authorization: Bearer …`; None for a token that is unknown, revoked or of an inactive user."""
    scheme, _space, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return None
    found = ApiToken.objects.select_related("user", "use").only(*READ).annotate(stamp=stamp_in_force())
    with prepared():
        token = found.filter(digest=digest(secret.strip()), deleted_at=None).first()
    if token is None or not token.user.is_active:
        return None
    seen(token.stamp)
    _note_use(token)
    return token.actor


def _note_use(token: ApiToken) -> None:
    """Remember when a token was last used, at most once a minute so that reading stays reading."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY:
        TokenUse.objects.update_or_create(token=token, defaults={"last_used_at": now})
