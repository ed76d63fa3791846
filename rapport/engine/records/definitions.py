"""What this instance defines for itself, read once and kept in memory until it changes."""

import threading
import time
from dataclasses import dataclass, field

from rapport.engine.records.fields import TYPES, Field, Option
from rapport.engine.records.models import Choice, CustomField, Organisation
from rapport.engine.records.models.definitions import DefinitionStamp
from rapport.engine.records.models.organisation import THE_ONE

FRESH_FOR = 1.0  # seconds; pages ask for the stamp anew at each request, long work this often


@dataclass(frozen=True)
class Definitions:
    """Choices by list, custom fields by record type, and the organisation."""

    stamp: int
    organisation: Organisation
    options: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    custom_fields: dict[str, list[Field]] = field(default_factory=dict)


_lock = threading.Lock()
_kept: Definitions | None = None
_checked_at = 0.0


def definitions() -> Definitions:
    """The definitions in force. Costs one small query a second, four when something changed."""
    global _kept, _checked_at  # noqa: PLW0603  one memory for the process is the point
    now = time.monotonic()
    kept = _kept
    if kept and now - _checked_at < FRESH_FOR:
        return kept
    stamp = DefinitionStamp.objects.values_list("stamp", flat=True).first() or 0
    with _lock:
        if _kept is None or _kept.stamp != stamp:
            _kept = _read(stamp)
        _checked_at = now
        return _kept


def check_again() -> None:
    """Ask for the stamp at the next question; each request begins with this, so it sees every change before it."""
    global _checked_at  # noqa: PLW0603  as above
    _checked_at = 0.0


def forget() -> None:
    """Read definitions anew at the next question."""
    global _kept  # noqa: PLW0603  as above
    _kept = None


def _read(stamp: int) -> Definitions:
    organisation = Organisation.objects.filter(pk=THE_ONE).first() or Organisation(pk=THE_ONE, name="")
    options: dict[str, tuple[Option, ...]] = {}
    for choice in Choice.objects.filter(deleted_at=None).order_by("list", "position", "label"):
        options[choice.list] = (*options.get(choice.list, ()), Option(choice.value, choice.label, choice.colour))
    custom: dict[str, list[Field]] = {}
    for row in CustomField.objects.filter(deleted_at=None).order_by("record_type", "position", "created_at"):
        custom.setdefault(row.record_type, []).append(as_field(row))
    return Definitions(stamp, organisation, options, custom)


def as_field(row: CustomField) -> Field:
    """A custom field as every other field."""
    return Field(
        slug=row.slug,
        label=row.label,
        type=TYPES[row.type],
        help=row.help,
        custom=True,
        required=row.required,
        unique=row.unique,
        default=row.default,
        personal=row.personal,
        searchable=row.searchable,
        target=row.target,
        choice_list=f"{row.record_type}.{row.slug}",
    )
