"""What can go wrong with users, in words for the one who tried."""

from django.utils.translation import gettext as _

from rapport.engine.events.errors import NotAllowed


class AddressTaken(Exception):
    """Another user has this address."""

    def __init__(self, email: str) -> None:
        super().__init__(_("%(email)s already has an account.") % {"email": email})


class LastAdministrator(NotAllowed):
    """Without this user nobody could manage users any more."""

    def __init__(self) -> None:
        super().__init__(_("This is the last administrator. Make somebody else an administrator first."))
