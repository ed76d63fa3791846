"""What this instance defines for itself, read once and kept in memory until it changes."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Subquery
from django.utils import timezone

from rapport.engine.records.fields import TYPES, Computed, Field, Option
from rapport.engine.records.fields.computed import side_table
from rapport.engine.records.models import (
    Choice,
    CustomField,
    FieldIndexes,
    FieldRule,
    Organisation,
    PageLayout,
    QualityRule,
    Role,
)
from rapport.engine.records.models.definitions import DefinitionStamp
from rapport.engine.records.models.organisation import THE_ONE

Made = TypeVar("Made")
FRESH_FOR = 1.0  # seconds; pages ask for the stamp anew at each request, long work this often


@dataclass(frozen=True)
class Definitions:
    """Choices by list, custom fields and rules by record type, the organisation, the names of users, the roles.

    What was retired or deleted stands apart. `layouts` are the panels of record pages by type and role. `made` keeps
    what others make of all this, for as long as it is in force.
    """

    stamp: int
    organisation: Organisation
    options: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    custom_fields: dict[str, list[Field]] = field(default_factory=dict)
    # Computed fields whose values are not all there yet: nobody sees them, but other formulas may name them.
    pending_fields: dict[str, list[Field]] = field(default_factory=dict)
    retired: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    deleted_fields: dict[str, list[Field]] = field(default_factory=dict)
    user_names: dict[UUID, str] = field(default_factory=dict)
    field_rules: dict[str, list[FieldRule]] = field(default_factory=dict)
    layouts: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    quality_rules: dict[str, list[QualityRule]] = field(default_factory=dict)
    # What others have made of these definitions, such as the graph of formulas; it goes when they change.
    made: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made under this key since these definitions came into force; made now if nothing was."""
        if key not in self.made:
            self.made[key] = make()
        found: Made = self.made[key]
        return found

    def fields_of(self, record_type: str) -> dict[str, Field]:
        """The custom fields of a record type by their slugs."""
        return self._by_slug.get(record_type, {})

    @cached_property
    def _by_slug(self) -> dict[str, dict[str, Field]]:
        return {name: {one.slug: one for one in fields} for name, fields in self.custom_fields.items()}


class _Seen(threading.local):
    """The stamp that this thread has read, and when: what another thread read says nothing about this request."""

    stamp = 0
    at = -FRESH_FOR


_lock = threading.Lock()
_seen = _Seen()
_kept: Definitions | None = None


def definitions() -> Definitions:
    """The definitions in force. Costs one small query a second, some more when something changed."""
    kept = _kept
    if kept and kept.stamp == _seen.stamp and time.monotonic() - _seen.at < FRESH_FOR:
        return kept
    seen(DefinitionStamp.objects.values_list("stamp", flat=True).first() or 0)
    return _at(_seen.stamp)


def stamp_in_force() -> Subquery:
    """The stamp as part of a query that a request makes anyway; `seen` takes what it brings."""
    return Subquery(DefinitionStamp.objects.values("stamp")[:1])


def seen(stamp: int | None) -> None:
    """This thread has just read the stamp."""
    _seen.stamp, _seen.at = stamp or 0, time.monotonic()


def check_again() -> None:
    """Ask for the stamp at the next question; each request begins with this, so it sees every change before it."""
    _seen.at = -FRESH_FOR


def today() -> dt.date:
    """The day that it is in the zone of the house."""
    return timezone.now().astimezone(definitions().organisation.zone).date()


def _at(stamp: int) -> Definitions:
    global _kept  # noqa: PLW0603  one memory for the process is the point
    with _lock:
        if _kept is None or _kept.stamp != stamp:
            _kept = _read(stamp)
        return _kept


def forget() -> None:
    """Read definitions anew at the next question."""
    global _kept  # noqa: PLW0603  as above
    _kept = None


def _read(stamp: int) -> Definitions:
    organisation = Organisation.objects.filter(pk=THE_ONE).first() or Organisation(pk=THE_ONE, name="")
    options: dict[str, tuple[Option, ...]] = {}
    retired: dict[str, tuple[Option, ...]] = {}
    for choice in Choice.objects.order_by("list", "position", "label"):
        place = retired if choice.is_deleted else options
        place[choice.list] = (*place.get(choice.list, ()), Option(choice.value, choice.label, choice.colour))
    built = {one.field_id: one for one in FieldIndexes.objects.all()}
    custom: dict[str, list[Field]] = {}
    pending: dict[str, list[Field]] = {}
    deleted: dict[str, list[Field]] = {}
    for row in CustomField.objects.order_by("record_type", "position", "created_at"):
        made = as_field(row, built.get(row.pk))
        is_pending = made.computed is not None and not made.computed.is_ready
        place_of = deleted if row.is_deleted else pending if is_pending else custom
        place_of.setdefault(row.record_type, []).append(made)
    users = get_user_model()._default_manager.values_list("pk", "name", "email")
    names = {key: name or email for key, name, email in users}
    rules: dict[str, list[FieldRule]] = {}
    for rule in FieldRule.objects.filter(deleted_at=None).order_by("created_at", "pk"):
        rules.setdefault(rule.record_type, []).append(rule)
    layouts = {(one.record_type, one.role): one.panels for one in PageLayout.objects.filter(deleted_at=None)}
    roles = {one.slug: one for one in Role.objects.filter(deleted_at=None)}
    quality: dict[str, list[QualityRule]] = {}
    for one in QualityRule.objects.filter(deleted_at=None):
        quality.setdefault(one.record_type, []).append(one)
    return Definitions(
        stamp, organisation, options, custom, pending, retired, deleted, names, rules, layouts, roles, quality
    )


def order_index(key: UUID) -> str:
    """The name of the index by which lists are sorted by a custom field."""
    return f"cf_{key.hex}_s"


def as_field(row: CustomField, built: FieldIndexes | None = None) -> Field:
    """A custom field as every other field. It sorts lists once its index is built."""
    return Field(
        slug=row.slug,
        label=row.label,
        type=TYPES[row.type],
        help=row.help,
        custom=not row.formula,
        computed=_computed(row, built) if row.formula else None,
        readonly=bool(row.formula),
        required=row.required,
        unique=row.unique,
        default=row.default,
        personal=row.personal,
        searchable=row.searchable,
        sortable=TYPES[row.type].orders and built is not None and order_index(row.pk) in built.built,
        target=row.target,
        choice_list=f"{row.record_type}.{row.slug}",
    )


def _computed(row: CustomField, built: FieldIndexes | None) -> Computed:
    filled = built.filled if built else ""
    return Computed(side_table(row.record_type), row.formula, built is not None, bool(filled), filled == row.formula)
