"""Text: a line, several, a web address."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields.field import Field, Reading
from rapport.engine.records.fields.types.field_type import FieldType, text_of

MAX_TEXT = 1_000
MAX_LONG_TEXT = 100_000


class Text(FieldType):
    """One line of text."""

    name = "text"
    empty = ""
    limit = MAX_TEXT

    def parse(self, raw: Any, field: Field, reading: Reading) -> str:
        text = text_of(raw)
        if len(text) > self.limit:
            raise Invalid(
                _("This is %(length)d characters long; at most %(limit)d fit here.")
                % {"length": len(text), "limit": self.limit}
            )
        return " ".join(text.split()) if self.name == "text" else text.strip()


class LongText(Text):
    """Text of several lines."""

    name = "long_text"
    orders = False
    limit = MAX_LONG_TEXT


class Link(Text):
    """A web address; https is assumed where none is named."""

    name = "link"

    def parse(self, raw: Any, field: Field, reading: Reading) -> str:
        text = super().parse(raw, field, reading)
        return web_address(text) if text else ""


def web_address(text: str) -> str:
    """A full http(s) address, or Invalid."""
    address = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        raise Invalid(_("“%(value)s” is not a web address.") % {"value": text[:80]}) from None
    return address
