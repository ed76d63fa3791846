"""Money: an amount with its currency, and the same in the house's currency at a stated date."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.core import get_global
from django.db import models
from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields.field import Field, Reading
from rapport.engine.records.fields.types import FieldType, Number, plain_number

CENT = Decimal("0.01")
MOST = Decimal(10) ** 17


class Money(FieldType):
    """`{"amount", "currency", "house"}`. The columns are `x`, `x_currency` and `x_house`; `x_house` sorts and sums.

    `house` is empty while the currency is a foreign one whose rate is not known here.
    """

    name = "money"
    output = models.DecimalField(max_digits=20, decimal_places=2)

    def parse(self, raw: Any, field: Field, reading: Reading) -> dict[str, Any] | None:
        if raw in (None, "") or (isinstance(raw, dict) and raw.get("amount") in (None, "")):
            return None
        given = raw if isinstance(raw, dict) else _split(str(raw))
        currency = str(given.get("currency") or reading.currency).upper()
        if currency not in get_global("all_currencies"):
            raise Invalid(_("“%(value)s” is not a currency; write it as EUR.") % {"value": currency[:20]})
        amount = Number().parse(given["amount"], field, reading)
        assert amount is not None
        if abs(amount) >= MOST:
            raise Invalid(_("“%(value)s” is more than can be kept here.") % {"value": str(given["amount"])[:80]})
        amount = amount.quantize(CENT, ROUND_HALF_UP)
        return {"amount": amount, "currency": currency, "house": amount if currency == reading.currency else None}

    def read(self, row: Any, column: str) -> Any:
        amount = getattr(row, column)
        if amount is None:
            return None
        return {
            "amount": amount,
            "currency": getattr(row, f"{column}_currency"),
            "house": getattr(row, f"{column}_house"),
        }

    def columns(self, column: str, value: Any) -> dict[str, Any]:
        value = value or {"amount": None, "currency": "", "house": None}
        return {column: value["amount"], f"{column}_currency": value["currency"], f"{column}_house": value["house"]}

    def to_custom(self, value: Any) -> Any:
        if value is None:
            return None
        return {key: str(part) if isinstance(part, Decimal) else part for key, part in value.items()}

    def from_custom(self, value: Any) -> Any:
        if value is None:
            return None
        house = value.get("house")
        return {**value, "amount": Decimal(value["amount"]), "house": Decimal(house) if house else None}

    def to_json(self, value: Any) -> Any:
        return None if value is None else {"amount": str(value["amount"]), "currency": value["currency"]}

    def to_text(self, value: Any, field: Field) -> str:
        return "" if value is None else f"{plain_number(value['amount'])} {value['currency']}"


def _split(text: str) -> dict[str, str]:
    """`12.50 EUR`, `EUR 12.50`, `€ 12.50`, `12.50`."""
    signs = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
    for sign, code in signs.items():
        text = text.replace(sign, f" {code} ")
    words = text.split()
    currency = next((word for word in words if word.isalpha()), "")
    return {"amount": "".join(word for word in words if word != currency), "currency": currency}
