"""The columns of a journaled table: how the value of each becomes JSON, for the journal and the database, and back."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils.dateparse import parse_duration

from rapport.engine.events.models.journaled import Journaled
from rapport.engine.events.models.lean import LeanJSON
from rapport.engine.events.plain import plain, plain_float, plain_moment, plain_scalar

if TYPE_CHECKING:
    DbField = models.Field[Any, Any]

BOOKKEEPING = frozenset(
    {"id", "version", "created_at", "created_by", "changed_at", "changed_by", "deleted_at", "deleted_batch"}
)
TURNS = ("from_db_value", "get_prep_value", "get_db_prep_value")
Turn = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Codec:
    """How one type of column turns its values. `kind` is the Python type that needs no cleaning; None: clean always.

    What `is_sent_as_is` the writer of JSON turns into the same text by itself, and much faster.
    """

    kind: type | None
    encode: Turn | None = None
    decode: Turn | None = None
    is_sent_as_is: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kept`: the journal keeps its values. `empty`: what it holds when it says nothing, left out there."""

    name: str
    column: str
    db_type: str
    kept: bool
    empty: Any
    kind: type | None
    clean: Turn | None
    encode: Turn | None
    send: Turn | None
    decode: Turn | None

    def value(self, kept: Any) -> Any:
        """The Python value of what an image says; None is the column's own empty value."""
        if kept is None:
            return copy.copy(self.empty)
        return self.decode(kept) if self.decode else kept


@cache
def columns_of(model: type[Journaled]) -> tuple[Column, ...]:
    """All columns that are written, in the table's order; generated ones follow by themselves.

    Raises TypeError for a type of column that the journal could not give back as it was.
    """
    left_out = BOOKKEEPING | model.journal_exclude
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    return tuple(_column(field, kept=field.attname not in left_out) for field in fields)


@cache
def column_named(model: type[Journaled], name: str) -> Column:
    """A column by its name or that of its relation. Raises TypeError where there is none that may be set."""
    for column in columns_of(model):
        if name in (column.name, _relation(model, column)) and column.name not in BOOKKEEPING:
            return column
    raise TypeError(f"{model._meta.label} has no column {name!r} that an act could set.")


def _relation(model: type[Journaled], column: Column) -> str:
    return next(field.name for field in model._meta.concrete_fields if field.attname == column.name)


def _column(field: "DbField", *, kept: bool) -> Column:
    codec = _codec(field)
    return Column(
        name=field.attname,
        column=field.column,
        db_type=str(field.db_type(connection)),
        kept=kept,
        empty=_empty(field),
        kind=codec.kind,
        clean=_cleaner(field),
        encode=codec.encode,
        send=None if codec.is_sent_as_is else codec.encode,
        decode=codec.decode,
    )


def _empty(field: "DbField") -> Any:
    if field.null:
        return None
    if isinstance(field, models.CharField | models.TextField):
        return ""
    return field.default() if field.default in (list, dict) else None


def _codec(field: "DbField") -> Codec:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, ArrayField):
        return _array_codec(field)
    for known, codec in CODECS:
        # A field with a reading or writing of its own could give back something else than was written.
        if isinstance(field, known) and all(
            getattr(type(field), turn, None) is getattr(known, turn, None) for turn in TURNS
        ):
            return codec
    raise TypeError(f"{field}: the journal does not know columns of type {type(field).__name__}.")


def _array_codec(field: "ArrayField[Any, Any]") -> Codec:
    element = _codec(field.base_field)
    return Codec(None, _each(element.encode), _each(element.decode))


def _each(turn: Turn | None) -> Turn:
    if turn is None:
        return list

    def turn_all(values: Any) -> Any:
        return [value if value is None else turn(value) for value in values]

    return turn_all


def _cleaner(field: "DbField") -> Turn | None:
    if isinstance(field, ArrayField):
        return _each(_cleaner(field.base_field))
    if isinstance(field, models.DecimalField):
        return _rounded(field)
    return None if isinstance(field, models.JSONField) else field.to_python


def _rounded(field: "models.DecimalField[Any, Any]") -> Turn:
    """Round as the database will, so that the journal holds what the row holds."""
    step = Decimal(1).scaleb(-field.decimal_places)

    def clean(value: Any) -> Decimal:
        number: Decimal = field.to_python(value)
        return number.quantize(step, ROUND_HALF_UP) if number.is_finite() else number

    return clean


def _hex(value: Any) -> str:
    return "\\x" + bytes(value).hex()


def _unhex(text: str) -> bytes:
    return bytes.fromhex(text[2:])


CODECS: "tuple[tuple[type[DbField], Codec], ...]" = (
    (models.AutoField, Codec(int)),
    (models.BigAutoField, Codec(int)),
    (models.BooleanField, Codec(bool)),
    (models.IntegerField, Codec(int)),
    (models.FloatField, Codec(float, plain_float, float)),
    (models.CharField, Codec(str)),
    (models.TextField, Codec(str)),
    (models.UUIDField, Codec(UUID, str, UUID, is_sent_as_is=True)),
    (models.DateTimeField, Codec(datetime, plain_moment, datetime.fromisoformat)),
    (models.DateField, Codec(date, plain_scalar, date.fromisoformat)),
    (models.TimeField, Codec(time, plain_scalar, time.fromisoformat)),
    (models.DurationField, Codec(timedelta, plain_scalar, parse_duration)),
    (models.DecimalField, Codec(None, str, Decimal)),
    (models.BinaryField, Codec(bytes, _hex, _unhex)),
    (models.GenericIPAddressField, Codec(str)),
    (models.JSONField, Codec(None, plain)),
    (LeanJSON, Codec(None, plain)),
)
