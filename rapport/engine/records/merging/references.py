"""Everything that can point at a record, listed from the tables and the registry: none is named here."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, ForeignKey, Q, QuerySet, UniqueConstraint, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import Exact, In

from rapport.engine.events.images import type_name
from rapport.engine.events.models import Journaled
from rapport.engine.events.undo.references import journaled_models
from rapport.engine.records.definitions import definitions
from rapport.engine.records.registry import RecordType, by_journal_type, record_types


@dataclass(frozen=True)
class Reference:
    """A column of a table that holds ids of records; with a `slug` the key of a custom field in `custom`.

    `kind` is the column beside it that names the type which is meant, `rtype` the record type of the pointing rows.
    """

    model: type[Journaled]
    column: str
    slug: str = ""
    kind: str = ""
    rtype: RecordType | None = None

    def rows(self, target: RecordType, keys: Collection[UUID]) -> "QuerySet[Any]":
        """The rows, live and deleted, that point at these records, ungated."""
        rows: QuerySet[Any] = QuerySet(self.model)
        if self.slug and self.rtype:
            wanted = [str(key) for key in keys]
            return self.rtype.rows().filter(Q(In(KeyTextTransform(self.slug, F("custom")), wanted)))
        rows = rows.filter(Q(In(F(self.column), list(keys))))
        return rows.filter(Q(Exact(F(self.kind), target.slug))) if self.kind else rows

    def at(self, row: Any) -> UUID | None:
        """What a row points at here."""
        if not self.slug:
            found: UUID | None = getattr(row, self.column)
            return found
        held = (row.custom or {}).get(self.slug)
        return UUID(held) if held else None

    def filling(self, row: Any, key: UUID) -> dict[str, Any]:
        """The columns that make a row point at a record."""
        return {"custom": {**row.custom, self.slug: str(key)}} if self.slug else {self.column: key}

    @property
    def place(self) -> str:
        """Where it stands, as the journal's images name it."""
        return f"custom.{self.slug}" if self.slug else self.column

    @property
    def apart_by(self) -> str:
        """The column that, with this one, no two live rows share: the holder of a share. Empty where there is none."""
        return _apart_by(self.model, self.column, self.kind)


def references_to(target: RecordType) -> list[Reference]:
    """All that can point at records of a type: columns, relations in tables of their own, children, custom fields."""
    found = [_with_type(model, column, kind) for model, column, kind in _columns_to(target)]
    known = {(one.model, one.column) for one in found}
    for rtype in record_types():
        columns = [one.column for one in rtype.fields if _points(one, target) and one.column and not one.custom]
        columns += [rtype.parent_column] if rtype.sees_as == target.slug else []
        for column in columns:
            if (rtype.model, column) not in known and not rtype.model.kind_column:
                known.add((rtype.model, column))
                found.append(_with_type(rtype.model, column))
        gone = definitions().deleted_fields.get(rtype.slug, ())
        slugs = {one.slug for one in (*rtype.all_fields(), *gone) if one.custom and _points(one, target)}
        found += [Reference(rtype.model, "custom", slug=slug, rtype=rtype) for slug in sorted(slugs)]
    return found


def followed_columns() -> set[tuple[type[Journaled], str]]:
    """Every column of every table that merging some type follows."""
    return {(one.model, one.column) for rtype in record_types() for one in references_to(rtype) if not one.slug}


def _points(field: Any, target: RecordType) -> bool:
    return bool(field.type.name == "relation" and field.target == target.slug and not field.through)


def _with_type(model: type[Journaled], column: str, kind: str = "") -> Reference:
    rtype = None if model.kind_column else by_journal_type(type_name(model))
    return Reference(model, column, kind=kind, rtype=rtype)


def _columns_to(target: RecordType) -> Iterator[tuple[type[Journaled], str, str]]:
    for model in journaled_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey):
                if field.related_model is target.model:
                    yield model, field.attname, ""
            elif kind := _kind_beside(model, field):
                yield model, field.attname, kind


def _kind_beside(model: type[Journaled], field: Any) -> str:
    """`about_type` beside `about_id`, `record_type` beside `record_id`."""
    if not isinstance(field, UUIDField) or not field.attname.endswith("_id"):
        return ""
    name = field.attname.removesuffix("_id") + "_type"
    return next((one.attname for one in model._meta.concrete_fields if one.attname == name and _is_word(one)), "")


def _is_word(field: Any) -> bool:
    return isinstance(field, CharField)


@cache
def _apart_by(model: type[Journaled], column: str, kind: str) -> str:
    names = {field.name: field.attname for field in model._meta.concrete_fields}
    for one in model._meta.constraints:
        if not isinstance(one, UniqueConstraint):
            continue
        columns = {names[name] for name in one.fields}
        if column in columns and (others := columns - {column, kind}):
            (other,) = others
            return other
    return ""
