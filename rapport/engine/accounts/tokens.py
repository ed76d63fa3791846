"""API tokens at the door: from an Authorization header to the actor behind it."""

from datetime import timedelta

from django.utils import timezone

from rapport.engine.accounts.models import ApiToken, TokenUse
from rapport.engine.accounts.secret import digest
from rapport.engine.events.actor import Actor

PREFIX = "rapport_"
NOTED_EVERY = timedelta(minutes=1)


def authenticate_token(header: str) -> Actor | None:
    """The actor behind `Authorization: Bearer …`; None for a token that is unknown, revoked or of an inactive user."""
    scheme, _space, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return None
    found = ApiToken.objects.select_related("user", "use").filter(digest=digest(secret.strip()), deleted_at=None)
    token = found.first()
    if token is None or not token.user.is_active:
        return None
    _note_use(token)
    return token.actor


def _note_use(token: ApiToken) -> None:
    """Remember when a token was last used, at most once a minute so that reading stays reading."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY:
        TokenUse.objects.update_or_create(token=token, defaults={"last_used_at": now})
