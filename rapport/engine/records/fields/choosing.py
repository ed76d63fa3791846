"""Fields whose values come from a list: one choice, several choices, tags."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields.field import Field, Option, Reading
from rapport.engine.records.fields.types import FieldType, text_of
from rapport.engine.records.folding import fold


class Choice(FieldType):
    """One of a list. Stored as the option's permanent value; its label is accepted too."""

    name = "choice"
    empty = ""

    def parse(self, raw: Any, field: Field, reading: Reading) -> str:
        if raw in (None, ""):
            return ""
        return find_option(str(raw), field).value

    def to_json(self, value: Any) -> Any:
        return value or None

    def to_text(self, value: Any, field: Field) -> str:
        option = field.option(value) if value else None
        return option.label if option else value or ""


class Choices(FieldType):
    """Several of a list. Stored as a list of permanent values in the list's own order of being chosen."""

    name = "choices"
    empty: ClassVar[Any] = []
    orders = False
    output = None

    def parse(self, raw: Any, field: Field, reading: Reading) -> list[str]:
        return list(dict.fromkeys(find_option(part, field).value for part in _parts(raw)))

    def from_custom(self, value: Any) -> Any:
        return list(value or [])

    def to_text(self, value: Any, field: Field) -> str:
        return "; ".join((field.option(one) or Option(one, one)).label for one in value or [])


class Tags(FieldType):
    """Free words that group records across types. Stored as the words themselves; made by being used."""

    name = "tags"
    empty: ClassVar[Any] = []
    orders = False
    output = None
    limit = 100
    longest = 60

    def parse(self, raw: Any, field: Field, reading: Reading) -> list[str]:
        words = list(dict.fromkeys(" ".join(part.split()) for part in _parts(raw) if part.strip()))
        if len(words) > self.limit:
            raise Invalid(_("At most %(limit)d tags fit here.") % {"limit": self.limit})
        if long := next((word for word in words if len(word) > self.longest), None):
            raise Invalid(_("The tag “%(tag)s…” is too long; at most 60 characters.") % {"tag": long[:30]})
        return words

    def from_custom(self, value: Any) -> Any:
        return list(value or [])

    def to_text(self, value: Any, field: Field) -> str:
        return "; ".join(value or [])


def find_option(text: str, field: Field) -> Option:
    """The option with this value or label, however it is written; Invalid names those there are.

    A retired one is accepted too, so that a record can be sent back as it was read.
    """
    wanted = fold(text)
    for option in (*field.options, *field.retired):
        if wanted in (option.value, fold(option.value), fold(option.label)):
            return option
    known = ", ".join(option.label for option in field.options[:12])
    raise Invalid(_("“%(value)s” is not one of: %(known)s.") % {"value": text[:80], "known": known})


def _parts(raw: Any) -> list[str]:
    if raw in (None, ""):
        return []
    if isinstance(raw, list | tuple):
        return [text_of(part) for part in raw if part not in (None, "")]
    return [part.strip() for part in text_of(raw).replace(",", ";").split(";") if part.strip()]
