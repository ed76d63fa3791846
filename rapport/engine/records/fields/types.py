"""The types of fields: how a value is read from what people and programs send, kept, and shown."""

from datetime import UTC, date, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields.field import Field, Reading

MAX_TEXT = 1_000
MAX_LONG_TEXT = 100_000
MAX_WHOLE = 2**31 - 1
WIDE = Context(prec=60)  # twenty digits before the point and ten behind do not fit the usual 28


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


class Text(FieldType):
    """One line of text."""

    name = "text"
    empty = ""
    limit = MAX_TEXT

    def parse(self, raw: Any, field: Field, reading: Reading) -> str:
        text = _text(raw)
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


class Number(FieldType):
    """An exact number."""

    name = "number"
    output = models.DecimalField(max_digits=30, decimal_places=10)

    def parse(self, raw: Any, field: Field, reading: Reading) -> Decimal | None:
        if raw in (None, ""):
            return None
        number = _decimal(raw)
        if field.whole and (number != int(number) or abs(number) > MAX_WHOLE):
            raise Invalid(_("“%(value)s” is not a whole number that fits here.") % {"value": str(raw)[:80]})
        return Decimal(int(number)) if field.whole else number

    def to_custom(self, value: Any) -> Any:
        return None if value is None else _plain(value)

    def from_custom(self, value: Any) -> Any:
        return None if value is None else Decimal(value)

    def to_json(self, value: Any) -> Any:
        if value is None:
            return None
        return int(value) if value == int(value) and abs(value) < 2**53 else float(value)

    def to_text(self, value: Any, field: Field) -> str:
        return "" if value is None else _plain(Decimal(value))


class Bool(FieldType):
    """Yes or no; empty is no."""

    name = "bool"
    empty = False
    orders = False
    output = models.BooleanField()
    words: ClassVar[dict[str, bool]] = {
        **dict.fromkeys(("true", "yes", "y", "1", "on", "x", "ja", "oui", "si", "sí", "sim"), True),
        **dict.fromkeys(("false", "no", "n", "0", "off", "nein", "non", "nei", "não", ""), False),
    }

    def parse(self, raw: Any, field: Field, reading: Reading) -> bool:
        if isinstance(raw, bool):
            return raw
        word = _text(raw).strip().lower()
        if word not in self.words:
            raise Invalid(_("“%(value)s” is neither yes nor no.") % {"value": word[:80]})
        return self.words[word]

    def is_empty(self, value: Any) -> bool:
        return value is None

    def to_text(self, value: Any, field: Field) -> str:
        return "yes" if value else "no"


class Date(FieldType):
    """A calendar day."""

    name = "date"

    def parse(self, raw: Any, field: Field, reading: Reading) -> date | None:
        if raw in (None, ""):
            return None
        if isinstance(raw, date) and not isinstance(raw, datetime):
            return raw
        try:
            day = parse_date(_text(raw).strip())
        except ValueError:
            day = None
        if day is None:
            raise Invalid(_("“%(value)s” is not a date; write it as 2026-03-14.") % {"value": _text(raw)[:80]})
        return day

    def to_custom(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def from_custom(self, value: Any) -> Any:
        return None if value is None else date.fromisoformat(value)

    def to_json(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def to_text(self, value: Any, field: Field) -> str:
        return "" if value is None else value.isoformat()


class DateTime(FieldType):
    """A moment. Without a zone of its own it is read in the zone of who sends it."""

    name = "datetime"

    def parse(self, raw: Any, field: Field, reading: Reading) -> datetime | None:
        if raw in (None, ""):
            return None
        moment = raw if isinstance(raw, datetime) else _moment(_text(raw).strip())
        try:
            return (moment if moment.tzinfo else moment.replace(tzinfo=reading.zone)).astimezone(UTC)
        except OverflowError:
            raise Invalid(_("“%(value)s” is too far away to be kept.") % {"value": _text(raw)[:80]}) from None

    def to_custom(self, value: Any) -> Any:
        return (
            None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        )

    def from_custom(self, value: Any) -> Any:
        return None if value is None else datetime.fromisoformat(value)

    def to_json(self, value: Any) -> Any:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def to_text(self, value: Any, field: Field) -> str:
        return self.to_json(value) or ""


class Link(Text):
    """A web address; https is assumed where none is named."""

    name = "link"

    def parse(self, raw: Any, field: Field, reading: Reading) -> str:
        text = super().parse(raw, field, reading)
        return web_address(text) if text else ""


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
            return UUID(_text(raw).strip())
        except ValueError:
            raise Invalid(_("“%(value)s” is not the id of a record.") % {"value": _text(raw)[:80]}) from None

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
            return _user_by_email(raw)
        return super().parse(raw, field, reading)


class File(Relation):
    """A file in the store."""

    name = "file"


def web_address(text: str) -> str:
    """A full http(s) address, or Invalid."""
    address = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        raise Invalid(_("“%(value)s” is not a web address.") % {"value": text[:80]}) from None
    return address


def _user_by_email(address: str) -> UUID:
    from django.contrib.auth import get_user_model

    found = get_user_model()._default_manager.filter(email__iexact=address.strip()).values_list("pk", flat=True)[:1]
    if not found:
        raise Invalid(_("Nobody here has the address %(value)s.") % {"value": address[:80]})
    return UUID(str(found[0]))


def _text(raw: Any) -> str:
    if raw is None:
        return ""
    if isinstance(raw, dict | list):
        raise Invalid(_("One value was expected here, not a list or an object."))
    text = raw if isinstance(raw, str) else str(raw)
    if "\x00" in text:
        raise Invalid(_("This text holds a zero character, which cannot be kept."))
    return text


def _decimal(raw: Any) -> Decimal:
    text = _text(raw).strip().replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Invalid(_("“%(value)s” is not a number.") % {"value": text[:80]}) from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 20:
        raise Invalid(_("“%(value)s” is not a number that can be kept.") % {"value": text[:80]})
    exponent = number.as_tuple().exponent
    too_fine = isinstance(exponent, int) and exponent < -10
    return number.quantize(Decimal("1e-10"), context=WIDE).normalize(WIDE) if too_fine else number


def _plain(value: Decimal) -> str:
    text = f"{value + 0:f}" if not value else f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
        day = None if moment else parse_date(text)
    except ValueError:
        moment = day = None
    if moment is None and day is not None:
        moment = datetime(day.year, day.month, day.day)
    if moment is None:
        raise Invalid(_("“%(value)s” is not a time; write it as 2026-03-14 09:30.") % {"value": text[:80]})
    return moment
