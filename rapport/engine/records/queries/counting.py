"""Counting without reading a whole table."""

from dataclasses import dataclass
from typing import Any

from django.db import models

CAP = 10_000


@dataclass(frozen=True)
class Count:
    """How many rows there are; not exact means at least as many."""

    value: int
    exact: bool


def count(rows: "models.QuerySet[Any]", *, exact: bool = False) -> Count:
    """Count rows up to the cap, or to the end when the exact number is asked for."""
    if exact:
        return Count(rows.order_by().count(), True)
    found = rows.order_by().values("pk")[: CAP + 1].count()
    return Count(min(found, CAP), found <= CAP)
