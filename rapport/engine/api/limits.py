"""How often somebody may ask: a bucket of requests for each actor, refilled steadily, kept in this process's memory."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from django.conf import settings

A_MINUTE = 600
REMEMBERED = 10_000


@dataclass(frozen=True)
class Allowance:
    """What is left to an actor. `reset`: seconds until all of it is there again; `wait`: until one request is."""

    limit: int
    remaining: int
    reset: int
    wait: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class Limiter:
    """Buckets by actor. The least recently used are forgotten, which gives their owners a full bucket."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: Hashable, *, limit: int, now: float) -> Allowance:
        """Take one request out of a bucket of `limit` a minute. `wait` is 0 when there was one."""
        per_second = limit / 60
        with self._lock:
            left, at = self._buckets.pop(key, (float(limit), now))
            left = min(float(limit), left + (now - at) * per_second)
            may_pass = left >= 1
            left -= may_pass
            self._buckets[key] = (left, now)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        wait = 0 if may_pass else math.ceil((1 - left) / per_second)
        return Allowance(limit, int(left), math.ceil((limit - left) / per_second), wait)


_limiter = Limiter()


def take_request(key: Hashable) -> Allowance:
    """Take one request of an actor. The setting API_REQUESTS_A_MINUTE overrides how many there are."""
    limit = getattr(settings, "API_REQUESTS_A_MINUTE", A_MINUTE)
    return _limiter.take(key, limit=limit, now=time.monotonic())
