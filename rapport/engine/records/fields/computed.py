"""Values that follow from others: each is a column of the one table that stands beside that of its record type."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from hashlib import md5
from types import SimpleNamespace
from typing import Any

from django.db import models
from django.db.models.expressions import Col
from django.db.models.sql.constants import LOUTER
from django.db.models.sql.datastructures import Join

RECORD = "record_id"
# What a type of field is as a column, and in PostgreSQL's words.
OUTPUTS: dict[str, "models.Field[Any, Any]"] = {
    "number": models.DecimalField(max_digits=30, decimal_places=10),
    "money": models.DecimalField(max_digits=20, decimal_places=2),
    "text": models.TextField(),
    "date": models.DateField(),
    "datetime": models.DateTimeField(),
    "bool": models.BooleanField(),
}


LONGEST_NAME = 63  # of a table in PostgreSQL


def side_table(record_type: str) -> str:
    """The table beside that of a record type, by the type's slug."""
    name = f"computed_{record_type.replace('-', '_')}"
    return name if len(name) <= LONGEST_NAME else f"{name[:30]}_{md5(record_type.encode()).hexdigest()}"  # noqa: S324


@dataclass(frozen=True)
class Computed:
    """Where a computed value stands, and the formula that it follows.

    First its column is made (`has_column`), and from then on kept up to date; once it is filled it `is_ready`, with the
    values of an older formula too; those of this one it has when it `is_filled`.
    """

    table: str
    formula: str
    has_column: bool = True
    is_ready: bool = True
    is_filled: bool = True


class SideColumn(models.Expression):
    """A column of a side table, of the row that `prefix` leads to; empty for a record that has no row there."""

    def __init__(self, table: str, column: str, output: "models.Field[Any, Any]", prefix: str = "") -> None:
        super().__init__(output_field=output)
        self.table, self.column, self.prefix = table, column, prefix

    def resolve_expression(  # type: ignore[override]  # as F does, it gives what it resolves to
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Col:
        """The column, after the table has been joined to the query."""
        record = query.resolve_ref(f"{self.prefix}pk", allow_joins, reuse, summarize)
        tie: Any = _Tie(record.target, self.table)
        alias = query.join(Join(self.table, record.alias, None, LOUTER, tie, True), reuse)
        if reuse is not None:
            reuse.add(alias)
        return _SideCol(alias, _column(self.column, self.output_field), self.output_field)


class _SideCol(Col):
    """A column of a table without a model."""

    @property
    def identity(self) -> tuple[Any, ...]:
        return (type(self), self.alias, self.target.column)


@dataclass(frozen=True)
class _Tie:
    """How a row of a side table belongs to its record: the part of a relation that a join needs."""

    record: "models.Field[Any, Any]"
    table: str

    @property
    def related_model(self) -> Any:
        """What Django asks of a join inside a query inside another one: whose table it is."""
        return SimpleNamespace(_meta=SimpleNamespace(db_table=self.table))

    def get_joining_fields(self) -> Sequence[tuple[Any, Any]]:
        return ((self.record, _column(RECORD, models.UUIDField())),)

    def get_extra_restriction(self, _alias: str, _related_alias: str) -> None:
        return None


def _column(name: str, output: "models.Field[Any, Any]") -> "models.Field[Any, Any]":
    column: models.Field[Any, Any] = copy(output)
    column.set_attributes_from_name(name)
    return column
