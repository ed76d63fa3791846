"""What every type of field can do, and how a single value is read as text."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields.field import Field, Reading


class FieldType:
    """Base of all types. Stored values are plain Python; `custom` values are plain JSON."""

    name: ClassVar[str]
    empty: ClassVar[Any] = None
    orders: ClassVar[bool] = True
    output: "ClassVar[models.Field[Any, Any] | None]" = models.TextField()

    def parse(self, raw: Any, field: Field, reading: Reading) -> Any:
        """Read a value as typed or sent. Empty input gives the empty value. Raises Invalid with a sentence."""
        raise NotImplementedError

    def is_empty(self, value: Any) -> bool:
        return value in (None, "", [], {})

    def read(self, row: Any, column: str) -> Any:
        return getattr(row, column)

    def columns(self, column: str, value: Any) -> dict[str, Any]:
        return {column: value}

    def replacing(self, old: Any, new: Any) -> Any:
        """A value as it comes in place of another one; where values have parts, those that stay are kept."""
        return new

    def to_custom(self, value: Any) -> Any:
        """A stored value as JSON in the column of custom fields."""
        return value

    def from_custom(self, value: Any) -> Any:
        return self.empty if value is None else value

    def to_json(self, value: Any) -> Any:
        """A stored value as the API shows it."""
        return value

    def to_text(self, value: Any, field: Field) -> str:
        """A stored value in plain text, as an export shows it."""
        return "" if value is None else str(value)


def text_of(raw: Any) -> str:
    """One value as text; Invalid for a list, an object, or what the database cannot keep."""
    if raw is None:
        return ""
    if isinstance(raw, dict | list):
        raise Invalid(_("One value was expected here, not a list or an object."))
    text = raw if isinstance(raw, str) else str(raw)
    if "\x00" in text:
        raise Invalid(_("This text holds a zero character, which cannot be kept."))
    return text
