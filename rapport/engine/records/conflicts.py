"""Two people at one record: their edits are merged by field; only the same field twice is a conflict."""

from typing import Any

from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry
from rapport.engine.records.errors import EditConflict, FieldConflict
from rapport.engine.records.fields import Field
from rapport.engine.records.registry import RecordType
from rapport.engine.records.values import Values

LOOK_BACK = 1_000  # versions; an edit based on an older one conflicts on every field


def refuse_conflicts(rtype: RecordType, row: Any, values: Values, base_version: int) -> None:
    """Raise EditConflict if a field to be written was changed since `base_version`, to something else than is sent."""
    behind = row.version - base_version
    if behind <= 0:
        return
    touched = _columns_since(row, behind)
    conflicts = []
    for slug, yours in values.items():
        field = rtype.field(slug)
        assert field is not None
        theirs = field.get(row)
        if _was_touched(field, touched) and theirs != yours:
            conflicts.append(FieldConflict(slug, theirs, yours))
    if conflicts:
        raise EditConflict(conflicts, row.version)


def _columns_since(row: Any, behind: int) -> set[str] | None:
    """Columns, fields kept elsewhere, and custom ones as `custom.x_slug`, of the last versions; None: any may be."""
    if behind > LOOK_BACK:
        return None
    entries = JournalEntry.objects.filter(about_id=row.pk, kind__in=("changed", "deleted", "restored"))
    columns: set[str] = set()
    for entry in with_payloads(list(entries.order_by("-id")[:behind])):
        payload = getattr(entry, "payload", None)
        before, after = (payload.before or {}, payload.after or {}) if payload else ({}, {})
        columns |= after.keys()
        was, became = before.get("custom") or {}, after.get("custom") or {}
        columns |= {f"custom.{slug}" for slug in was.keys() | became.keys() if was.get(slug) != became.get(slug)}
    return columns


def _was_touched(field: Field, columns: set[str] | None) -> bool:
    if columns is None:
        return True
    if field.custom:
        return f"custom.{field.slug}" in columns
    if field.through:
        return field.slug in columns
    return not columns.isdisjoint(field.columns(None))
