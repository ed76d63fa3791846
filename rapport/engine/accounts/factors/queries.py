"""Reads of second factors."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator

from rapport.engine.accounts.factors.codes import unpacked
from rapport.engine.accounts.models import FactorSecret, SignInRules, User
from rapport.engine.records.definitions import definitions

APP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES


@dataclass(frozen=True)
class Passkey:
    """A passkey as its list shows it."""

    id: int
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass
class Factors:
    """What a user has beside a password."""

    app: Authenticator | None = None
    passkeys: list[Passkey] = field(default_factory=list)
    codes_left: int = 0

    def __bool__(self) -> bool:
        return bool(self.app or self.passkeys)

    @property
    def takes_codes(self) -> bool:
        """Whether there is a code that could be typed."""
        return self.app is not None or self.codes_left > 0


def factors_of(user: User) -> Factors:
    """Everything that a user may sign in with beside a password, in one query."""
    found = Factors()
    for row in Authenticator.objects.filter(user=user).select_related("sealed").order_by("created_at", "pk"):
        if row.type == APP:
            found.app = row
        elif row.type == PASSKEY:
            found.passkeys.append(Passkey(row.pk, row.data["name"], row.created_at, row.last_used_at))
        else:
            found.codes_left = len(codes_in(row.sealed))
    return found


def codes_in(kept: FactorSecret) -> list[str]:
    return unpacked(kept.secret.open()) if kept.secret else []


def has_factor(user: User) -> bool:
    """Whether a second factor is asked of this user."""
    return user.pk in holders_of_factors(user)


def holders_of_factors(*among: User) -> set[UUID]:
    """Everybody of whom a second factor is asked; of those named, if any are."""
    held = Authenticator.objects.filter(type__in=(APP, PASSKEY))
    return set((held.filter(user__in=among) if among else held).values_list("user_id", flat=True))


def rules() -> SignInRules:
    """What is asked of everybody who signs in; kept in memory, for every page asks."""
    return definitions().once(SignInRules, _rules)


def _rules() -> SignInRules:
    return SignInRules.objects.filter(deleted_at=None).first() or SignInRules()
