"""The indexes of custom fields: which there should be, which there are, and building them without stopping anybody."""

from typing import Any
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import DatabaseError, connections, models
from django.db.backends.ddl_references import Statement
from django.db.models import F, Q, TextField
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.engine.records.definitions import as_field, order_index
from rapport.engine.records.fields import Field
from rapport.engine.records.fields.computed import RECORD
from rapport.engine.records.fields.keys import TEXTS, order_key, unique_key
from rapport.engine.records.models import CustomField, FieldIndexes
from rapport.engine.records.registry import RecordType, record_type

OWNER = "owner"
# Building waits for transactions older than itself and blocks nobody meanwhile, so it may wait longer than a migration.
PATIENCE = "10min"
BUILT = """
SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relname LIKE %s AND c.relnamespace = 'public'::regnamespace
"""

Wanted = dict[str, "models.Index | models.UniqueConstraint | str"]


def wanted(row: CustomField) -> Wanted:
    """The indexes that a field should have, by their names."""
    if row.is_deleted:
        return {}
    rtype, field = record_type(row.record_type), as_field(row)
    found: Wanted = {}
    if field.computed:
        return _beside(row.pk, field, field.computed.table)
    # Whoever asks for a file is asked which records hold it.
    if row.indexed or row.type == "file":
        found |= _for_lists(row.pk, field, rtype.scope or None)
    if row.unique:
        name = _name(row.pk, "u")
        live = Q(deleted_at__isnull=True) & rtype.scope
        found[name] = models.UniqueConstraint(unique_key(field), name=name, condition=live)
    return found


def state(row: CustomField, known: FieldIndexes | None) -> str:
    """`""` without any index, else `building`, `ready` or `failed`."""
    names = wanted(row).keys()
    if known is not None and known.error:
        return "failed"
    if row.formula and (known is None or known.filled != row.formula):
        return "building"
    if not names:
        return "ready" if row.formula else ""
    return "ready" if known is not None and names <= set(known.built) else "building"


def build(row: CustomField) -> None:
    """Bring the database to what a field should have, and remember what is valid, or why it could not be built."""
    if row.formula and not FieldIndexes.objects.filter(pk=row.pk).exists():
        return  # Its column comes first, and then its index.
    rtype = record_type(row.record_type)
    there = _there(row.pk)
    names = wanted(row)
    error = ""
    try:
        for name, valid in there.items():
            if name not in names or not valid:
                _run(f"DROP INDEX CONCURRENTLY IF EXISTS {connections[OWNER].ops.quote_name(name)}")
        for name, index in names.items():
            if not there.get(name):
                _create(rtype, index)
    except DatabaseError as failure:
        error = _told(rtype, row, failure)
        _drop_leftovers(row.pk)
    built = sorted(name for name, valid in _there(row.pk).items() if valid)
    if built or error or row.formula:
        FieldIndexes.objects.update_or_create(
            field_id=row.pk, defaults={"built": built, "error": error, "at": timezone.now()}
        )
    else:
        FieldIndexes.objects.filter(field_id=row.pk).delete()


def _for_lists(key: UUID, field: Field, scope: Q | None) -> Wanted:
    text = KeyTextTransform(field.slug, "custom")
    parts = GinIndex(OpClass(Upper(text), "gin_trgm_ops"), name=_name(key, "t"), condition=scope)
    if field.type.output is None and field.type.name != "money":
        entries = OpClass(KeyTransform(field.slug, "custom"), "jsonb_path_ops")
        return {_name(key, "l"): GinIndex(entries, name=_name(key, "l"), condition=scope)}
    if field.type.name == "long_text":
        return {parts.name: parts}
    sorted_by = models.Index(order_key(field), F("id"), name=order_index(key), condition=scope)
    found: Wanted = {sorted_by.name: sorted_by}
    return found | ({parts.name: parts} if field.type.name in TEXTS else {})


def _beside(key: UUID, field: Field, table: str) -> Wanted:
    """Of computed fields all that sort have one, on the table in which they stand."""
    if not field.type.orders:
        return {}
    name = connections[OWNER].ops.quote_name
    column, start = name(field.slug), "CREATE INDEX CONCURRENTLY {} ON " + name(table)
    is_text = field.type.name in TEXTS
    key_of = f"sort_key({column})" if is_text else column
    found: Wanted = {order_index(key): start.format(name(order_index(key))) + f" ({key_of}, {name(RECORD)})"}
    parts = _name(key, "t")
    return found | ({parts: start.format(name(parts)) + f" USING gin ({column} gin_trgm_ops)"} if is_text else {})


def _name(key: UUID, ending: str) -> str:
    return f"cf_{key.hex}_{ending}"


def _there(key: UUID) -> dict[str, bool]:
    """The indexes of a field and whether each is valid; a build that was cut short leaves one that is not."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(BUILT, [f"cf\\_{key.hex}\\_%"])
        return dict(cursor.fetchall())


def _create(rtype: RecordType, index: "models.Index | models.UniqueConstraint | str") -> None:
    if isinstance(index, str):
        _run(index)
        return
    editor: Any = connections[OWNER].schema_editor(atomic=False)
    if isinstance(index, models.Index):
        _run(str(index.create_sql(rtype.model, editor, concurrently=True)))
        return
    statement = index.create_sql(rtype.model, editor)
    assert isinstance(statement, Statement)
    _run(str(statement).replace("CREATE UNIQUE INDEX", "CREATE UNIQUE INDEX CONCURRENTLY", 1))


def _run(statement: str) -> None:
    """Outside of a transaction, as building without locks must be."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{PATIENCE}'")
        try:
            cursor.execute(statement)
        finally:
            cursor.execute("RESET lock_timeout")


def _drop_leftovers(key: UUID) -> None:
    for name, valid in _there(key).items():
        if not valid:
            _run(f"DROP INDEX CONCURRENTLY IF EXISTS {connections[OWNER].ops.quote_name(name)}")


def _told(rtype: RecordType, row: CustomField, failure: DatabaseError) -> str:
    """Why a build failed, in words that name the mend."""
    if getattr(failure.__cause__, "sqlstate", "") != "23505":
        return str(failure).strip().splitlines()[0][:300]
    live = (
        rtype.rows()
        .filter(deleted_at=None)
        .values(asked=KeyTextTransform(row.slug, "custom", output_field=TextField()))
    )
    twice = live.exclude(asked=None).annotate(times=models.Count("pk")).filter(times__gt=1).order_by("asked")
    values = ", ".join(f"“{value[:40]}”" for value in twice.values_list("asked", flat=True)[:3])
    return _("Several records share the same value: %(values)s. Change them, then try again.") % {"values": values}
