"""What allauth tells of: a second factor was used."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used

from rapport.engine.accounts.events import FactorUsed
from rapport.engine.accounts.factors.naming import factor_name
from rapport.engine.events.act import open_act


def note_use(user: Any, authenticator: Authenticator, **_others: Any) -> None:
    """Say in the journal with what a user showed that it is them."""
    with open_act(user.actor, reason="second factor") as act:
        act.happened(FactorUsed(user.pk, authenticator.type, factor_name(authenticator)))


def listen() -> None:
    authenticator_used.connect(note_use, dispatch_uid="rapport.accounts.factor_used")
