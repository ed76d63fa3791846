"""What a condition is made from, and what it is made into."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import definitions
from rapport.engine.records.fields import Field, Reading
from rapport.engine.records.filters.conditions import sql
from rapport.engine.records.filters.times import Clock
from rapport.engine.records.filters.tree import Op
from rapport.engine.records.filters.values import Value
from rapport.engine.records.registry import RecordType

Visible = Callable[[RecordType], "QuerySet[Any]"]


@dataclass(frozen=True)
class Evaluation:
    """For whom, when and where a filter is asked, and what its relations reach."""

    now: dt.datetime
    zone: ZoneInfo
    actor: Actor
    visible: Visible

    @property
    def clock(self) -> Clock:
        return Clock(self.now, self.zone)

    @cached_property
    def reading(self) -> Reading:
        """How phone numbers and addresses of the web are brought to their normal form."""
        return Reading(actor=self.actor, zone=self.zone, region=definitions().organisation.country)


@dataclass(frozen=True)
class Asked:
    """One operator, never a negating one, asked of one field of one type."""

    field: Field
    record_type: RecordType
    op: Op
    values: tuple[Value, ...]
    made: Any = None

    @property
    def expression(self) -> Any:
        """The value that is compared: the field's, or what was made of several."""
        return self.field.expression() if self.made is None else self.made

    @property
    def amount(self) -> Any:
        """As `expression`; of money the amount in the currency of the house."""
        return sql.amount(self.field) if self.made is None else self.made


@dataclass(frozen=True)
class Condition:
    """A condition that is `certain` is true or false for every row, never unknown; its negation is a plain NOT."""

    q: Q
    certain: bool = False
