"""What points elsewhere: at a record, a user, a file. Stored as its id."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields.field import Field, Reading
from rapport.engine.records.fields.types.field_type import FieldType, text_of


class Relation(FieldType):
    """Another record. Stored as its id."""

    name = "relation"
    orders = False

    def parse(self, raw: Any, field: Field, reading: Reading) -> UUID | None:
        raw = raw.get("id") if isinstance(raw, dict) else raw
        if raw in (None, ""):
            return None
        if isinstance(raw, UUID):
            return raw
        try:
            return UUID(text_of(raw).strip())
        except ValueError:
            raise Invalid(_("“%(value)s” is not the id of a record.") % {"value": text_of(raw)[:80]}) from None

    def read(self, row: Any, column: str) -> Any:
        return getattr(row, column)

    def to_custom(self, value: Any) -> Any:
        return None if value is None else str(value)

    def from_custom(self, value: Any) -> Any:
        return None if value is None else UUID(value)

    def to_json(self, value: Any) -> Any:
        return None if value is None else str(value)

    def to_text(self, value: Any, field: Field) -> str:
        return "" if value is None else str(value)


class User(Relation):
    """A user of this instance. `me` is the one who asks."""

    name = "user"
    orders = True

    def parse(self, raw: Any, field: Field, reading: Reading) -> UUID | None:
        if raw == "me":
            return reading.actor.user_id
        if isinstance(raw, str) and "@" in raw:
            return user_by_email(raw)
        return super().parse(raw, field, reading)


class File(Relation):
    """A file in the store."""

    name = "file"


def user_by_email(address: str) -> UUID:
    from django.contrib.auth import get_user_model

    found = get_user_model()._default_manager.filter(email__iexact=address.strip()).values_list("pk", flat=True)[:1]
    if not found:
        raise Invalid(_("Nobody here has the address %(value)s.") % {"value": address[:80]})
    return UUID(str(found[0]))
