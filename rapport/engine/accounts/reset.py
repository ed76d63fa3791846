"""Tokens in the links of forgotten-password mails."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from rapport.engine.accounts.models import User


class ResetTokens(PasswordResetTokenGenerator):
    """A token dies with the password it replaces, with any end of the user's sessions, and with a deactivation."""

    key_salt = "rapport.accounts.reset"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.session_seed}{user.is_active}"
