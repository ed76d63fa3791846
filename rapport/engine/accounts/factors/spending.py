"""Codes that people type to show that it is them: each can be used once, also by two who try at the same moment."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from rapport.engine.accounts.factors.codes import packed, without
from rapport.engine.accounts.factors.queries import APP, CODES, codes_in
from rapport.engine.accounts.factors.totp import period_of
from rapport.engine.accounts.models import FactorSecret, User


def spend_code(user: User, typed: str) -> Authenticator | None:
    """Use up a code of the authenticator app, or a recovery code. The factor that it belongs to; None if to none."""
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().filter(user=user, type__in=(APP, CODES)).order_by("pk")
        for factor in held:
            spent = _spend_period(factor, typed) if factor.type == APP else _spend_recovery(factor, typed)
            if spent:
                return factor
    return None


def _spend_period(factor: Authenticator, typed: str) -> bool:
    kept = FactorSecret.objects.get(factor=factor)
    period = period_of(kept.secret.open(), typed, after=factor.data["period"])
    if period is None:
        return False
    factor.data["period"] = period
    factor.save(update_fields=["data"])
    return True


def _spend_recovery(factor: Authenticator, typed: str) -> bool:
    kept = FactorSecret.objects.get(factor=factor)
    left = without(codes_in(kept), typed)
    if left is None:
        return False
    kept.secret = packed(left)
    kept.save(update_fields=["secret"])
    return True
