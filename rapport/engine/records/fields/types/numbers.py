"""Exact numbers, and yes or no."""

from decimal import Context, Decimal, InvalidOperation
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields.field import Field, Reading
from rapport.engine.records.fields.types.field_type import FieldType, text_of

MAX_WHOLE = 2**31 - 1
WIDE = Context(prec=60)  # twenty digits before the point and ten behind do not fit the usual 28


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
        return None if value is None else plain_number(value)

    def from_custom(self, value: Any) -> Any:
        return None if value is None else Decimal(value)

    def to_json(self, value: Any) -> Any:
        if value is None:
            return None
        return int(value) if value == int(value) and abs(value) < 2**53 else float(value)

    def to_text(self, value: Any, field: Field) -> str:
        return "" if value is None else plain_number(Decimal(value))


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
        word = text_of(raw).strip().lower()
        if word not in self.words:
            raise Invalid(_("“%(value)s” is neither yes nor no.") % {"value": word[:80]})
        return self.words[word]

    def is_empty(self, value: Any) -> bool:
        return value is None

    def to_text(self, value: Any, field: Field) -> str:
        return "yes" if value else "no"


def plain_number(value: Decimal) -> str:
    """A number without an exponent and without zeros behind the point."""
    text = f"{value + 0:f}" if not value else f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _decimal(raw: Any) -> Decimal:
    text = text_of(raw).strip().replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Invalid(_("“%(value)s” is not a number.") % {"value": text[:80]}) from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 20:
        raise Invalid(_("“%(value)s” is not a number that can be kept.") % {"value": text[:80]})
    exponent = number.as_tuple().exponent
    too_fine = isinstance(exponent, int) and exponent < -10
    return number.quantize(Decimal("1e-10"), context=WIDE).normalize(WIDE) if too_fine else number
