"""The shares of a record."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from rapport.engine.records.gate.shares import in_force
from rapport.engine.records.models import Share
from rapport.engine.records.registry import RecordType


def shares_of(rtype: RecordType, key: UUID) -> "QuerySet[Any]":
    """The shares in force of a record, the oldest first."""
    return in_force().filter(record_type=rtype.slug, record_id=key).order_by("created_at", "pk")


def find_share(rtype: RecordType, record: UUID, share: UUID) -> Share | None:
    """One share in force of a record."""
    found: Share | None = shares_of(rtype, record).filter(pk=share).first()
    return found


def shares_by_id(keys: Iterable[UUID]) -> dict[UUID, Share]:
    """Shares, ended ones too, for telling what became of them."""
    return Share.objects.in_bulk(set(keys))


def shares_in_force(keys: Iterable[UUID]) -> dict[UUID, Share]:
    """Those of some shares that have neither been taken back nor ended."""
    return {one.pk: one for one in in_force().filter(pk__in=set(keys))}
