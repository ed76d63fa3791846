"""What happens to users and is worth knowing later."""

from dataclasses import dataclass
from uuid import UUID

from rapport.engine.events.facts import Fact


@dataclass(frozen=True)
class UserInvited(Fact, kind="user.invited", about="accounts.user"):
    """Somebody was asked to join, with a link that lets them in once."""

    user_id: UUID
    role: str


@dataclass(frozen=True)
class SignedIn(Fact, kind="user.signed_in", about="accounts.user"):
    """A user signed in: by password, by link or after choosing a new password."""

    user_id: UUID
    how: str


@dataclass(frozen=True)
class LinkMade(Fact, kind="user.link_made", about="accounts.user"):
    """A one-time link was made that signs in as this user."""

    user_id: UUID
    purpose: str


@dataclass(frozen=True)
class ViewedAs(Fact, kind="user.viewed_as", about="accounts.user"):
    """An administrator began to look at pages as this user sees them."""

    user_id: UUID
    by: str


@dataclass(frozen=True)
class ViewingEnded(Fact, kind="user.viewing_ended", about="accounts.user"):
    """An administrator looks no longer as this user."""

    user_id: UUID
    by: str


@dataclass(frozen=True)
class FactorAdded(Fact, kind="user.factor_added", about="accounts.user"):
    """A user set up an authenticator app or a passkey."""

    user_id: UUID
    factor: str
    name: str


@dataclass(frozen=True)
class FactorRemoved(Fact, kind="user.factor_removed", about="accounts.user"):
    """An authenticator app or a passkey of a user was taken away, by themselves or by an administrator."""

    user_id: UUID
    factor: str
    name: str


@dataclass(frozen=True)
class FactorUsed(Fact, kind="user.factor_used", about="accounts.user"):
    """A user showed that it is them by app, passkey or recovery code."""

    user_id: UUID
    factor: str
    name: str


@dataclass(frozen=True)
class SessionEnded(Fact, kind="user.session_ended", about="accounts.user"):
    """A user signed out another browser of theirs."""

    user_id: UUID
    browser: str


@dataclass(frozen=True)
class CodesRenewed(Fact, kind="user.codes_renewed", about="accounts.user"):
    """A user got new recovery codes."""

    user_id: UUID
