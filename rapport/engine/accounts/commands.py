"""What the commands of this room share: who acts at the keyboard, and users by address."""

from django.core.management.base import CommandError

from rapport.engine.accounts.models import Role, User
from rapport.engine.accounts.models.user import normal_email
from rapport.engine.events.actor import Actor

CONSOLE = Actor(kind="system", name="Command line")


def user_named(email: str) -> User:
    """The user with this address. Raises CommandError with what to do."""
    user = User.objects.filter(email=normal_email(email), deleted_at=None).first()
    if user is None:
        raise CommandError(f"No user has the address {email}. `rapport user list` shows everybody.")
    return user


def user_to_sign_in(email: str | None) -> User | None:
    """Whom a link lets in: the one named, else the first administrator; None while there are no users at all."""
    if email:
        user = user_named(email)
        if not user.is_active:
            raise CommandError(f"{user.email} is deactivated. An administrator can reactivate them on the users page.")
        return user
    if not User.objects.exists():
        return None
    first = User.objects.active().filter(role=Role.ADMIN).order_by("created_at").first()
    if first is None:
        raise CommandError("There is no active administrator. Add one: rapport user add EMAIL --role admin")
    return first
