"""How often somebody may try. Whoever guesses is slowed down; the owner of an account is not shut out by strangers.

Counted are tries that failed: from one address, for one account from one address, and for one account from all
addresses together. The last is not asked of a browser in which the account was signed in before.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from allauth.account import app_settings as account_settings
from allauth.core.internal import ratelimit
from allauth.mfa import app_settings as factor_settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.accounts.known import is_known, known_as
from rapport.engine.accounts.models import Remembered, User

OURS = "rapport"
LIMITS = {
    "guesses": "10/m/ip,100/h/ip",
    "guesses_here": "5/5m/key",
    "guesses_anywhere": "50/h/key",
    "codes": "5/5m/key,50/d/key",
}


class TooOften(Exception):
    """Somebody tried too often. `wait`: seconds until the next try; the message is for people."""

    def __init__(self, wait: int) -> None:
        super().__init__(_("Too many attempts. Try again %(when)s.") % {"when": when(wait)})
        self.wait = wait


@dataclass
class Tries:
    """What was counted for one try, to be taken back when it succeeds."""

    taken: list[ratelimit.RateLimitUsage] = field(default_factory=list)

    def rollback(self) -> None:
        for usage in self.taken:
            usage.rollback()


def guess(request: HttpRequest, account: str) -> Tries:
    """Count one try of a password for an account, by its e-mail. Raises TooOften."""
    address = ratelimit.get_ip(request)
    asked = [("guesses", ""), ("guesses_here", f"{account}:{address}")]
    if not is_known(request, account):
        asked.append(("guesses_anywhere", account))
    return _take(request, asked)


def try_code(request: HttpRequest, user: User) -> Tries:
    """Count one try of a code. Raises TooOften."""
    here = f":{known_as(request)}" if is_known(request, user.email) else ""
    return _take(request, [("guesses", ""), ("codes", f"{user.pk}{here}")])


def _take(request: HttpRequest, asked: list[tuple[str, str]]) -> Tries:
    tries = Tries()
    for action, key in asked:
        usage = ratelimit.consume(request, app=OURS, action=action, config=LIMITS, key=key, limit_get=True)
        if usage is None:
            tries.rollback()
            raise TooOften(_wait(request, OURS, LIMITS, action, key))
        tries.taken.append(usage)
    return tries


def longest_wait(request: HttpRequest) -> int:
    """Seconds until whoever was refused may try again, as far as that can be told."""
    typed = request.POST.get("email", "").lower()
    asked = (
        _wait(request, app, limits, action, typed)
        for app, limits in (
            ("allauth.account", account_settings.RATE_LIMITS),
            ("allauth.mfa", factor_settings.RATE_LIMITS),
        )
        for action in limits
    )
    return max(asked, default=0)


def forget_old_counters(*, before: datetime) -> None:
    """Drop what was remembered until a moment that has passed."""
    Remembered.objects.filter(expires__lt=before).delete()


def when(seconds: int) -> str:
    """A wait in words: “in 4 minutes”."""
    minutes = math.ceil(seconds / 60)
    if minutes <= 1:
        return _("in a minute")
    if minutes <= 90:
        return ngettext("in %(count)s minute", "in %(count)s minutes", minutes) % {"count": minutes}
    hours = math.ceil(minutes / 60)
    return ngettext("in %(count)s hour", "in %(count)s hours", hours) % {"count": hours}


def _wait(request: HttpRequest, app: str, limits: dict[str, str], action: str, key: str) -> int:
    return max(_waits(request, app, limits, action, key), default=0)


def _waits(request: HttpRequest, app: str, limits: dict[str, str], action: str, key: str) -> Iterator[int]:
    user = getattr(request, "user", None)
    for rate in ratelimit.get_rates(app=app, action=action, config=limits):
        if rate.per == "user" and not isinstance(user, User):
            continue
        name = ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key, user=user)
        history = cache.get(name, [])
        if len(history) >= rate.amount:
            yield max(1, math.ceil(history[rate.amount - 1] + rate.duration - time.time()))
