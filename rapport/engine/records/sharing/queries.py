"""The shares of a record."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
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


def holders_of(shares: Iterable[UUID]) -> dict[UUID, UUID]:
    """With whom each share is, those that are over too."""
    return dict(Share.objects.filter(pk__in=list(shares)).values_list("pk", "holder"))


def users_in(keys: Iterable[UUID]) -> dict[UUID, Any]:
    """Users by id, whose `actor` the gate is asked for."""
    found: dict[UUID, Any] = get_user_model()._default_manager.in_bulk(list(keys))
    return found
