"""Conditions on choices and tags."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import Q
from django.db.models.fields.json import DataContains, KeyTransform
from django.db.models.lookups import In

from rapport.engine.records.filters.conditions import sql
from rapport.engine.records.filters.conditions.asked import Asked, Evaluation
from rapport.engine.records.filters.conditions.texts import plain


def choice(asked: Asked, _evaluation: Evaluation) -> Q:
    return Q(In(asked.field.expression(), [plain(value) for value in asked.values]))


def several(asked: Asked, _evaluation: Evaluation) -> Q:
    """Any of the values is among those of the record."""
    values, field = [plain(value) for value in asked.values], asked.field
    if field.custom:
        listed = KeyTransform(field.slug, "custom")
        return sql.any_of([Q(DataContains(listed, sql.json([value]))) for value in values])
    if isinstance(asked.record_type.model._meta.get_field(field.column), ArrayField):
        return Q(**{f"{field.column}__overlap": values})
    return sql.any_of([Q(**{f"{field.column}__contains": [value]}) for value in values])
