"""By which expressions custom fields are sorted, found and kept unique; an index stands on exactly the same ones."""

from typing import Any

from django.db import models
from django.db.models import F, Func, TextField
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import MD5, Cast, Upper

from rapport.engine.records.fields.field import Field

Expression = Any
TEXTS = frozenset({"text", "email", "phone", "link"})
MONEY: Expression = models.DecimalField(max_digits=20, decimal_places=2)


class SortKey(Func):
    """Text without accents and case, cut to what an index can hold: `sort_key` in the database."""

    function = "sort_key"
    output_field = TextField()
    arity = 1


def order_key(field: Field) -> Expression:
    """What a list is sorted by: money by the house's amount, text without accents and case, or at least without case.

    Text that keeps no fold key is sorted by what a filter's `=` compares, so one index serves both.
    """
    if field.computed:
        return SortKey(field.expression()) if field.type.name in TEXTS else field.expression()
    if not field.custom:
        if field.type.name == "text" and not field.fold_path:
            return Upper(field.path, output_field=TextField())
        return F(f"{field.column}_house" if field.type.name == "money" else field.fold_path or field.path)
    text = KeyTextTransform(field.slug, "custom")
    if field.type.name == "money":
        return Cast(KeyTextTransform("house", KeyTransform(field.slug, "custom")), MONEY)
    if field.type.name in TEXTS:
        return SortKey(text)
    if field.type.name == "relation":
        return Cast(text, models.UUIDField())
    # A bare key of a JSON column would be asked for its absence in a way that no index on its text answers.
    return Cast(text, field.type.output or TextField())


def unique_key(field: Field) -> Expression:
    """What no two live records share: the value's text, of any length, as one of fixed length."""
    return MD5(KeyTextTransform(field.slug, "custom"))
