"""The side tables themselves: a column is added by the owner's role when a computed field needs one."""

from django.db import connections

from rapport.engine.records.custom.indexes import OWNER
from rapport.engine.records.fields import Field
from rapport.engine.records.fields.computed import OUTPUTS, RECORD

MAKE = "CREATE TABLE IF NOT EXISTS {table} ({record} uuid PRIMARY KEY)"
COLUMN = """
SELECT format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attname = %s AND NOT attisdropped
"""


def ensure_column(field: Field) -> bool:
    """Have a column for a computed field; whether it was not there. A column of another type makes way."""
    assert field.computed
    name, wanted = connections[OWNER].ops.quote_name, str(OUTPUTS[field.type.name].db_type(connections[OWNER]))
    table, column = name(field.computed.table), name(field.slug)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(MAKE.format(table=table, record=RECORD))
        cursor.execute(COLUMN, [table, field.slug])
        there = cursor.fetchone()
        cursor.execute("SELECT format_type(to_regtype(%s), -1)", [wanted.partition("(")[0]])
        if there and there[0].partition("(")[0] == cursor.fetchone()[0]:
            return False
        cursor.execute("SET lock_timeout = '5s'")
        try:
            if there:
                cursor.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
            cursor.execute(f"ALTER TABLE {table} ADD COLUMN {column} {wanted}")
        finally:
            cursor.execute("RESET lock_timeout")
    return True
