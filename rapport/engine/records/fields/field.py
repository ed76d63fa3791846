"""A field: one thing that a record type keeps, built in or custom, with everything the doors need to know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields.computed import OUTPUTS, Computed, SideColumn

if TYPE_CHECKING:
    from rapport.engine.events.act import Act
    from rapport.engine.events.keeping import Keeping
    from rapport.engine.events.models import Journaled
    from rapport.engine.records.fields.types import FieldType


@dataclass(frozen=True)
class Option:
    """One choice. `value` is permanent; the label may change. `colour` is a signal: good, warn, bad, info, accent."""

    value: str
    label: str
    colour: str = ""


@dataclass(frozen=True)
class Reading:
    """What parsing a value depends on: whose zone and region, and who is `me`."""

    actor: Actor
    zone: ZoneInfo
    region: str = ""
    currency: str = "EUR"


class Through:
    """A relation kept in a table of its own, with dates and history. A room subclasses it and says how."""

    def keeping(self, model: "type[Journaled]", slug: str) -> "Keeping":
        """Which rows hold it, so that a change to one of them is a change of the record."""
        raise NotImplementedError

    def load(self, ids: Sequence[UUID]) -> dict[UUID, UUID]:
        """The target of each record that has one."""
        raise NotImplementedError

    def assign(self, act: "Act", pairs: Sequence[tuple["Journaled", UUID | None]]) -> None:
        """Point records at targets; None ends what there is."""
        raise NotImplementedError

    def begin(self, act: "Act", pairs: Sequence[tuple["Journaled", UUID | None]]) -> None:
        """Point records at targets that were created in this act and point nowhere yet."""
        self.assign(act, pairs)

    def matching(self, targets: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
        """Ids of the records that point at one of the targets, as a queryset of one column."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of a record type. `column` is the model's attribute; custom fields live in `custom` under their slug.

    `part_of` names the list of entries, and the part of its first one, from which the database makes a value.
    `alike` says as what kind it helps to find duplicates (`given`, `family`, `name`, `date`, `code`, `text`), `none`
    that it does not; left out, its type says so.
    """

    slug: str
    label: str
    type: "FieldType"
    column: str = ""
    help: str = ""
    custom: bool = False
    required: bool = False
    unique: bool = False
    default: Any = None
    personal: str = ""
    searchable: bool = False
    readonly: bool = False
    immutable: bool = False
    sortable: bool = False
    whole: bool = False
    target: str = ""
    through: Through | None = None
    computed: Computed | None = None
    fold_path: str = ""
    primary_path: str = ""
    choice_list: str = ""
    part_of: tuple[str, ...] = ()
    alike: str = ""
    fixed_options: tuple[Option, ...] = field(default=())

    @property
    def path(self) -> str:
        """The ORM path that a filter or an order compares: for lists of entries the generated column of the first."""
        return self.primary_path or self.column

    @property
    def options(self) -> Sequence[Option]:
        """The choices of this field, in order."""
        if self.fixed_options:
            return self.fixed_options
        from rapport.engine.records.definitions import definitions

        return definitions().options.get(self.choice_list, ())

    @property
    def retired(self) -> Sequence[Option]:
        """The choices that are no longer offered, for the records that still have them."""
        if self.fixed_options:
            return ()
        from rapport.engine.records.definitions import definitions

        return definitions().retired.get(self.choice_list, ())

    def option(self, value: str) -> Option | None:
        return next((option for option in (*self.options, *self.retired) if option.value == value), None)

    def get(self, row: Any) -> Any:
        """The stored value on a row, a model instance."""
        if self.through:
            return self.through.load([row.pk]).get(row.pk)
        if self.computed:
            from rapport.engine.records.computed.side import load

            return load([self], [row.pk])[row.pk][self.slug]
        if self.custom:
            return self.type.from_custom((row.custom or {}).get(self.slug))
        return self.type.read(row, self.column)

    def columns(self, value: Any) -> Mapping[str, Any]:
        """The model's columns that a value fills; none for custom and computed fields and relations kept elsewhere."""
        return {} if self.custom or self.through or self.computed else self.type.columns(self.column, value)

    def expression(self, prefix: str = "") -> models.expressions.Combinable:
        """What the value is in SQL, of the row that `prefix` leads to: a column, or a custom field cast to its type."""
        if self.computed:
            return SideColumn(self.computed.table, self.slug, OUTPUTS[self.type.name], prefix)
        if not self.custom:
            return models.F(prefix + self.path)
        if self.type.output is None:
            return KeyTransform(self.slug, f"{prefix}custom")
        text = KeyTextTransform(self.slug, f"{prefix}custom")
        return text if isinstance(self.type.output, models.TextField) else Cast(text, self.type.output)
