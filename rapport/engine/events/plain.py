"""Values as JSON keeps them: plain, so that two equal values are equal JSON, whichever door they came through."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.utils.duration import duration_string

PLAIN, KEYS = frozenset({str, int, bool, type(None)}), frozenset({str})
EXACT = 2**53  # up to here every whole number has a float of its own


def plain(value: Any) -> Any:
    """A value with all it holds as JSON has it: times in UTC, decimals as text so that none of their digits is lost.

    Raises TypeError for what JSON cannot hold.
    """
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is list:
        return [plain(item) for item in value]
    if kind is dict and PLAIN.issuperset(map(type, value.values())) and KEYS.issuperset(map(type, value)):
        return value.copy()
    if isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return plain_float(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return plain_scalar(value)


def plain_scalar(value: Any) -> str:
    """A date, time, duration, number or identifier as text."""
    if isinstance(value, datetime):
        return plain_moment(value) if value.tzinfo else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, timedelta):
        return duration_string(value)
    raise TypeError(f"The journal cannot keep a value of type {type(value).__name__}: {value!r}.")


def plain_float(value: float) -> float | int | str:
    """A number that JSON, JSONB and Python read alike.

    JSON knows no infinity, but all know its name. From JSONB a large number comes back as a whole one.
    """
    if not math.isfinite(value):
        return str(value)
    return int(Decimal(repr(value))) if abs(value) >= EXACT else value


@lru_cache(maxsize=64)
def plain_moment(value: datetime) -> str:
    """A time in UTC. Raises ValueError for one without a zone, which could be any."""
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone.")
    return value.astimezone(UTC).isoformat()


def dumps(value: Any) -> str:
    """JSON text of plain values."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        # Whole numbers beyond 64 bits, which a JSONB column may hold, are too long for orjson alone.
        return json.dumps(value, default=plain_scalar)
