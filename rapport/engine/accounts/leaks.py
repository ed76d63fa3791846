"""Whether a password is among those that have leaked, asked of Pwned Passwords without telling it the password.

Only the first five characters of the SHA-1 digest leave the house; the service answers with every leaked digest that
begins like that, and some made-up ones so that not even the length of the answer tells anything.
"""

import hashlib
import logging

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rapport.engine.accounts.factors.queries import rules
from rapport.engine.accounts.models import User

logger = logging.getLogger(__name__)
SHOWN = 5
SECONDS = 3.0
SIZE = 1024 * 1024


class NotLeaked:
    """A validator of passwords. It asks only where an administrator has said so, and never longer than a moment."""

    def validate(self, password: str, user: User | None = None) -> None:
        if rules().asks_about_leaks and has_leaked(password):
            words = _("This password has appeared in a data leak, so others will try it. Choose another one.")
            raise ValidationError(words, code="password_leaked")

    def get_help_text(self) -> str:
        return _("Your password must not have appeared in a data leak.")


def has_leaked(password: str) -> bool:
    """Whether the service knows a password. False when it cannot be asked; then the common passwords decide alone."""
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    answer = _ask(digest[:SHOWN])
    counts = dict(line.strip().partition(":")[::2] for line in answer.splitlines())
    return counts.get(digest[SHOWN:], "0") != "0"


def _ask(start: str) -> str:
    # The client brings six megabytes of code, which a house that asks nobody never needs.
    from rapport.engine.outbox.client import FetchError, Limits, Refused, fetch

    try:
        answer = fetch(
            "GET",
            f"{settings.PWNED_PASSWORDS_URL}/range/{start}",
            headers={"Add-Padding": "true"},
            limits=Limits(seconds=SECONDS, size=SIZE, redirects=0),
        )
    except (FetchError, Refused) as error:
        logger.warning("Nobody could say whether a new password has leaked: %s", error)
        return ""
    if answer.status != 200:
        logger.warning("Nobody could say whether a new password has leaked: the service answered %s", answer.status)
        return ""
    return answer.body.decode("ascii", "replace")
