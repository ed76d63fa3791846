"""Merging follows every column that can hold a record's id; those that it leaves alone say why."""

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models

from rapport.engine.events.undo.references import journaled_models
from rapport.engine.records.merging.references import followed_columns
from rapport.engine.records.registry import record_types
from tests.architecture.lists import rows

pytestmark = pytest.mark.django_db


def holding_ids():
    """Every column of a table of ours that could hold the id of a record: keys to records, and ids without a key."""
    records = {rtype.model for rtype in record_types()}
    for model in journaled_models():
        if model.__module__.endswith(".sample_models"):
            continue
        for field in model._meta.concrete_fields:
            kind = field.base_field if isinstance(field, ArrayField) else field
            is_key = isinstance(field, models.ForeignKey) and field.related_model in records
            if is_key or (isinstance(kind, models.UUIDField) and not field.primary_key):
                yield model, field.attname


def left():
    return {place for place, _reason in rows("references_left.txt")}


def test_every_column_that_can_hold_the_id_of_a_record_is_followed_or_left_with_a_reason():
    followed, known = followed_columns(), left()
    strange = [
        f"{model._meta.label}.{name}"
        for model, name in holding_ids()
        if (model, name) not in followed and not {f"*.{name}", f"{model._meta.label}.{name}"} & known
    ]
    assert not strange, "Teach merging to follow them, or say why not in tests/architecture/references_left.txt"


def test_what_is_left_is_there_and_not_followed():
    there = {f"{model._meta.label}.{name}" for model, name in holding_ids()}
    there |= {f"*.{name}" for _model, name in holding_ids()}
    assert left() <= there
    assert not left() & {f"{model._meta.label}.{name}" for model, name in followed_columns()}
