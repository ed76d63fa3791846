"""The registry of record types: what each noun is, declared once and read by every door."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.functional import Promise

from rapport.engine.events.blank import blank
from rapport.engine.events.images import type_name
from rapport.engine.events.journal import Subject, subjects_of
from rapport.engine.events.keeping import keep
from rapport.engine.events.models import Journaled
from rapport.engine.records.bookkeeping import bookkeeping_of
from rapport.engine.records.definitions import definitions
from rapport.engine.records.errors import Clash
from rapport.engine.records.fields import Field

Words = str | Promise


@dataclass(frozen=True)
class Panel:
    """Related things on a record page. `load` gets (actor, record) and returns the template's data, or None to hide.

    `name` is permanent: by it administrators arrange the page. What is not `beside` a list stands only on the page.
    """

    title: Words
    template: str
    load: Callable[..., Any]
    side: str = "right"
    icon: str = ""
    beside: bool = True
    name: str = field(kw_only=True)


@dataclass(kw_only=True)
class RecordType:
    """A noun: its table, its fields and how it appears. `slug` is plural and stands in addresses and the API.

    Types may share a table that has a `kind_column`: the rows of each are those where it holds the slug.
    """

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
    sees_as: str = ""
    # The column with the ids of the users and teams whose members alone see a record; no role reaches it, nor does a
    # share. What follows from it by `sees_as` is seen by them too.
    members: str = ""
    # Of children: who sees the parent may add one, and only who wrote it may change it.
    spoken: bool = False
    # The two columns that make two children the same thing when one of them comes to say the same: of a membership the
    # person and the company.
    same_by: Sequence[str] = ()
    # What to call a record without a page of its own, over its relations: `%(person)s at %(company)s`.
    named_by: Words = ""
    parent_column: str = ""
    subjects: Callable[[Sequence[Any]], Mapping[UUID, list[Subject]]] | None = None
    complete: Callable[[Any, dict[str, Any]], dict[str, Any]] | None = None
    clashes: Callable[[Mapping[str, Any]], list[Clash]] | None = None
    clash_fields: Sequence[str] = ()
    finds_duplicates: bool = True
    panels: list[Panel] = field(default_factory=list)
    subtitle: Callable[..., list[dict[str, Any]]] | None = None
    event_kinds: Mapping[str, Words] = field(default_factory=dict)
    _built_in: tuple[Sequence[Field], dict[str, Field]] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    @property
    def by_roles(self) -> bool:
        """Whether roles and shares say who may do what to its records; else members do, or what they belong to."""
        return not (self.sees_as or self.members)

    @property
    def journal_type(self) -> str:
        """The name under which its rows stand in the journal."""
        return type_name(self.model, self.slug if self.model.kind_column else "")

    @property
    def scope(self) -> models.Q:
        """What makes a row of the table one of this type."""
        return models.Q(**{self.model.kind_column: self.slug}) if self.model.kind_column else models.Q()

    def all_fields(self) -> list[Field]:
        """Built-in fields, then the custom ones in their order."""
        return [*self.fields, *definitions().custom_fields.get(self.slug, ())]

    def field(self, slug: str) -> Field | None:
        """A field by its slug, those of every record included; None where there is none."""
        return self._by_slug().get(slug) or definitions().fields_of(self.slug).get(slug)

    def _by_slug(self) -> dict[str, Field]:
        """Built-in fields, looked up anew when others were attached."""
        if self._built_in is None or self._built_in[0] is not self.fields:
            every = (*bookkeeping_of(is_judged=self.by_roles), *self.fields)
            self._built_in = self.fields, {one.slug: one for one in every}
        return self._built_in[1]

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
        row = blank(self.model)
        if self.model.kind_column:
            setattr(row, self.model.kind_column, self.slug)
        return row

    def rows(self) -> "models.QuerySet[Any]":
        """All rows of this type, ungated. Only the gate and the engine's own writes start here."""
        rows = self.model._default_manager.all()
        return rows.filter(self.scope) if self.model.kind_column else rows


_types: dict[str, RecordType] = {}
# Panels of every record page; each makes that of one type, or none. Filled by rooms above.
PANELS_OF_ALL: list[Callable[[RecordType], Panel | None]] = []
_by_journal_type: dict[str, RecordType] = {}


def register(record_type: RecordType) -> RecordType:
    """Add a record type. A slug or a name in the journal can be registered once."""
    if record_type.slug in _types or record_type.journal_type in _by_journal_type:
        raise ValueError(f"Record type {record_type.slug!r} is registered twice.")
    _types[record_type.slug] = _by_journal_type[record_type.journal_type] = record_type
    if record_type.subjects:
        subjects_of[record_type.journal_type] = record_type.subjects
    _keep_elsewhere(record_type, record_type.fields)
    _require_names(record_type)
    return record_type


def unregister(slug: str) -> None:
    """Take a record type away again; for types that are data, and for tests."""
    record_type = _types.pop(slug)
    del _by_journal_type[record_type.journal_type]
    subjects_of.pop(record_type.journal_type, None)


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
    return _by_journal_type.get(name)


def attach(record_type: RecordType, *, fields: Sequence[Field] = (), panels: Sequence[Panel] = ()) -> None:
    """Add fields or panels to a type that is declared in a room below; the lower room never learns of it."""
    record_type.fields = [*record_type.fields, *fields]
    record_type.panels += panels
    _keep_elsewhere(record_type, fields)
    _require_names(record_type)


def panels_of(record_type: RecordType) -> list[Panel]:
    """A type's own panels, and then those that every type has."""
    return [*record_type.panels, *(panel for make in PANELS_OF_ALL if (panel := make(record_type)))]


def _require_names(record_type: RecordType) -> None:
    names = [panel.name for panel in record_type.panels]
    if not all(names) or len(set(names)) < len(names):
        raise ValueError(f"The panels of {record_type.slug!r} need names of their own: {', '.join(names)}.")


def _keep_elsewhere(record_type: RecordType, fields: Sequence[Field]) -> None:
    for one in fields:
        if one.through:
            keep(one.through.keeping(record_type.model, one.slug))
