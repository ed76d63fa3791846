"""Files in records: what a field takes, and who may see a file because they see a record that holds it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.events.models import Journaled
from rapport.engine.events.undo.references import also_used
from rapport.engine.files.access import may_see_files
from rapport.engine.files.errors import FileRefused
from rapport.engine.files.models import StoredFile
from rapport.engine.files.store import Incoming, Readable, receive
from rapport.engine.records.fields import Field
from rapport.engine.records.fields.keys import order_key
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.registry import RecordType, record_types

MOST_BYTES = 20 * 1024 * 1024


@contextmanager
def receive_file(stream: Readable, *, name: str) -> Iterator[Incoming]:
    """Take in a file that is to stand in a field. Raises FileRefused with words for the sender."""
    with receive(stream, name=name, most=MOST_BYTES) as incoming:
        if not incoming.size:
            raise FileRefused(_("The file “%(name)s” is empty.") % {"name": incoming.name})
        yield incoming


@may_see_files
def sees_a_holder(actor: Actor, file: StoredFile) -> bool:
    """Whoever sees a record and its field sees the file in it; a deleted record shows what it held."""
    return any(
        _holding(visible(actor, rtype, deleted=None), field, {file.pk}).exists()
        for rtype, field in _file_fields()
        if mask(actor, rtype).shows(field.slug)
    )


def held(model: type[Journaled], keys: Collection[UUID]) -> set[UUID]:
    """Files that live records hold: undoing their arrival would leave a field that leads nowhere."""
    if model is not StoredFile:
        return set()
    found: set[UUID] = set()
    for rtype, field in _file_fields():
        rows = _holding(rtype.rows().filter(deleted_at=None), field, keys)
        found |= {UUID(str(key)) for key in rows.values_list("asked", flat=True)}
    return found


def _file_fields() -> Iterator[tuple[RecordType, Field]]:
    for rtype in record_types():
        yield from ((rtype, field) for field in rtype.all_fields() if field.type.name == "file")


def _holding(rows: "models.QuerySet[Any]", field: Field, keys: Collection[UUID]) -> "models.QuerySet[Any]":
    """Rows with one of the files in a field, by the expression on which the field's index stands."""
    wanted = [str(key) for key in keys] if field.custom else list(keys)
    found: models.QuerySet[Any] = rows.annotate(asked=order_key(field)).filter(asked__in=wanted)
    return found


also_used.append(held)
