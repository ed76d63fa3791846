"""The column of a sealed secret."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute

from rapport.engine.outbox.secrets.sealed import Sealed, seal


class SealedAttribute(DeferredAttribute):
    """Seals a text the moment it is set, and binds what comes from the database to its row."""

    field: "SealedField"

    def __set__(self, instance: models.Model, value: "str | bytes | None") -> None:
        instance.__dict__[self.field.attname] = self._sealed(instance, value)

    def _sealed(self, instance: models.Model, value: "str | bytes | None") -> Sealed | None:
        if value is None or value == "":
            return None
        if instance.pk is None:
            raise ValueError("A secret is bound to its row: give the row its id first.")
        place = place_of(self.field, instance.pk)
        return seal(value, place=place) if isinstance(value, str) else Sealed(value, place)


class SealedField(models.BinaryField):  # type: ignore[type-arg]  # the stubs give it no parameters
    """A secret that is written in clear and read only by `open()`. No form, journal, filter or image ever holds it."""

    descriptor_class = SealedAttribute

    def __init__(self, **options: Any) -> None:
        options.setdefault("null", True)
        super().__init__(**options)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if hasattr(cls, "journal_exclude"):
            cls.journal_exclude = cls.journal_exclude | {name}

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if value is None or isinstance(value, Sealed):
            return super().get_db_prep_save(value, connection)
        raise TypeError(f"{self.model.__name__}.{self.name} is sealed: set it on a row, not in a query.")

    def to_python(self, value: Any) -> Any:
        return value

    def get_lookup(self, lookup: str) -> Any:
        return super().get_lookup(lookup) if lookup == "isnull" else None

    def value_to_string(self, obj: models.Model) -> str:
        return ""


def place_of(field: "models.Field[Any, Any]", row_id: object) -> str:
    """Where a value stands: `table.column:row`."""
    return f"{field.model._meta.db_table}.{field.column}:{row_id}"
