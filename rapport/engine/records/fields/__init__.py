"""Fields and their types."""

from rapport.engine.records.fields.choosing import Choice, Choices, Tags
from rapport.engine.records.fields.computed import Computed
from rapport.engine.records.fields.entries import Addresses, Domains, Email, Emails, Links, Phone, Phones
from rapport.engine.records.fields.field import Field, Option, Reading, Through
from rapport.engine.records.fields.money import Money
from rapport.engine.records.fields.types import (
    Bool,
    Date,
    DateTime,
    FieldType,
    File,
    Link,
    LongText,
    Members,
    Number,
    Relation,
    Text,
    User,
)

TYPES: dict[str, FieldType] = {
    kind.name: kind()
    for kind in (
        Text, LongText, Number, Money, Date, DateTime, Bool, Choice, Choices, Email, Emails, Phone, Phones,
        Link, Links, Domains, Addresses, Relation, User, Members, Tags, File,
    )
}  # fmt: skip

# Lists of entries that are known by one value each, all lists of entries, and with those of words all lists.
KEYED = frozenset({"emails", "phones", "links", "domains"})
ENTRIES = KEYED | {"addresses"}
LISTS = ENTRIES | {"choices", "tags"}

__all__ = [
    "ENTRIES", "KEYED", "LISTS", "TYPES", "Computed", "Field", "FieldType", "Option", "Reading", "Through",
]  # fmt: skip
