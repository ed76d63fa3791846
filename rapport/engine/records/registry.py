"""The registry of record types: what each noun is, declared once and read by every door."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.functional import Promise

from rapport.engine.events.images import type_name
from rapport.engine.events.journal import Subject, subjects_of
from rapport.engine.events.models import Journaled
from rapport.engine.records.bookkeeping import BOOKKEEPING
from rapport.engine.records.errors import Clash
from rapport.engine.records.fields import Field

Words = str | Promise


@dataclass(frozen=True)
class Panel:
    """Related things on a record page. `load` gets (actor, record) and returns the template's data, or None to hide."""

    title: Words
    template: str
    load: Callable[..., Any]
    side: str = "right"
    icon: str = ""


@dataclass(kw_only=True)
class RecordType:
    """A noun: its table, its fields and how it appears. `slug` is plural and stands in addresses and the API."""

    slug: str
    model: type[Journaled]
    label: Words
    label_plural: Words
    icon: str
    fields: Sequence[Field]
    title: str = "name"
    columns: Sequence[str] = ()
    phone_columns: tuple[str, str] = ("", "")
    order: str = "-created_at"
    chips: Sequence[str] = ()
    shown_elsewhere: Sequence[str] = ()
    secondary: Sequence[str] = ()
    place: int = 100
    square: bool = False
    section: str | None = ""
    key: str = ""
    scope: models.Q = field(default_factory=models.Q)
    sees_as: str = ""
    parent_column: str = ""
    subjects: Callable[[Sequence[Any]], Mapping[UUID, list[Subject]]] | None = None
    complete: Callable[[Any, dict[str, Any]], dict[str, Any]] | None = None
    clashes: Callable[[Mapping[str, Any]], list[Clash]] | None = None
    clash_fields: Sequence[str] = ()
    panels: list[Panel] = field(default_factory=list)
    subtitle: Callable[..., list[dict[str, Any]]] | None = None
    event_kinds: Mapping[str, Words] = field(default_factory=dict)

    @property
    def journal_type(self) -> str:
        return type_name(self.model)

    def all_fields(self) -> list[Field]:
        """Built-in fields, then the custom ones in their order."""
        return [*self.fields, *self._custom_fields()]

    def field(self, slug: str) -> Field | None:
        """A field by its slug, those of every record included; None where there is none."""
        built_in = next((one for one in (*self.fields, *BOOKKEEPING) if one.slug == slug), None)
        return built_in or next((one for one in self._custom_fields() if one.slug == slug), None)

    def _custom_fields(self) -> Sequence[Field]:
        from rapport.engine.records.definitions import definitions

        return definitions().custom_fields.get(self.slug, ())

    @property
    def title_field(self) -> Field:
        found = self.field(self.title)
        assert found is not None
        return found

    def title_of(self, row: Any) -> str:
        """What a record is called."""
        return str(getattr(row, self.title_field.path, "") or "")

    def new(self) -> Any:
        """An unsaved row of this type."""
        return self.model()

    def rows(self) -> "models.QuerySet[Any]":
        """All rows of this type, ungated. Only the gate and the engine's own writes start here."""
        return self.model._default_manager.filter(self.scope)


_types: dict[str, RecordType] = {}


def register(record_type: RecordType) -> RecordType:
    """Add a record type. A slug or a model's journal name can be registered once."""
    if record_type.slug in _types:
        raise ValueError(f"Record type {record_type.slug!r} is registered twice.")
    _types[record_type.slug] = record_type
    if record_type.subjects:
        subjects_of[record_type.model] = record_type.subjects
    return record_type


def unregister(slug: str) -> None:
    """Take a record type away again; for types that are data, and for tests."""
    _types.pop(slug)


def record_types() -> Iterator[RecordType]:
    """All record types, in the order in which they were registered."""
    return iter(list(_types.values()))


def record_type(slug: str) -> RecordType:
    """A record type by its slug. Raises KeyError."""
    return _types[slug]


def find_record_type(slug: str) -> RecordType | None:
    return _types.get(slug)


def by_journal_type(name: str) -> RecordType | None:
    """The record type whose rows stand in the journal under this name."""
    return next((one for one in _types.values() if one.journal_type == name), None)


def attach(record_type: RecordType, *, fields: Sequence[Field] = (), panels: Sequence[Panel] = ()) -> None:
    """Add fields or panels to a type that is declared in a room below; the lower room never learns of it."""
    record_type.fields = [*record_type.fields, *fields]
    record_type.panels += panels
