"""The types of fields: how a value is read from what people and programs send, kept, and shown."""

from rapport.engine.records.fields.types.field_type import FieldType, text_of
from rapport.engine.records.fields.types.members import Members
from rapport.engine.records.fields.types.moments import Date, DateTime
from rapport.engine.records.fields.types.numbers import Bool, Number, plain_number
from rapport.engine.records.fields.types.pointers import File, Relation, User
from rapport.engine.records.fields.types.texts import MAX_TEXT, Link, LongText, Text, web_address

__all__ = [
    "MAX_TEXT", "Bool", "Date", "DateTime", "FieldType", "File", "Link", "LongText", "Members", "Number", "Relation",
    "Text", "User", "plain_number", "text_of", "web_address",
]  # fmt: skip
