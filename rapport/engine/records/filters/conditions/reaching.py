"""From a record to those it points at: by a column, by a custom field, or by a table of its own."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from rapport.engine.records.fields import Field


def reaching(field: Field, targets: "QuerySet[Any]") -> Exists:
    """Records whose relation leads to one of the targets. Correlated, so that its negation is an anti-join."""
    if field.through is not None:
        pointing = field.through.matching(targets)
        (column,) = pointing.query.values_select
        return Exists(pointing.filter(**{column: OuterRef("pk")}))
    if field.custom:
        return Exists(targets.filter(pk=Cast(KeyTextTransform(field.slug, OuterRef("custom")), UUIDField())))
    return Exists(targets.filter(pk=OuterRef(field.path)))
