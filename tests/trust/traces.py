"""What a request left behind: hashes of every row that a person or the journal owns."""

# ruff: noqa: S608 — the names of tables come from the catalogue.

import functools
from pathlib import Path

from django.apps import apps
from django.db import connection

LISTED = Path(__file__).resolve().parent.parent / "architecture" / "machinery.txt"
FOREIGN = ("django_", "procrastinate_")
JOURNAL = "events."


def fingerprint() -> dict[str, str]:
    """Table → hash over its rows. Queues, sessions and read marks are left out; the journal is not."""
    asks = [
        f"SELECT '{table}', md5(coalesce(string_agg(one::text, chr(10) ORDER BY one::text), '')) FROM \"{table}\" one"
        for table in tables()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asks))
        return dict(cursor.fetchall())


@functools.cache
def tables() -> tuple[str, ...]:
    unwatched = machinery()
    return tuple(name for name in connection.introspection.table_names() if name not in unwatched and _is_ours(name))


def machinery() -> set[str]:
    """Tables of the machinery list, but for those of the journal."""
    lines = [line.split("|")[0].strip() for line in LISTED.read_text().splitlines()]
    names = {line for line in lines if line and not line.startswith(("#", "table:", JOURNAL))}
    models = [model for model in apps.get_models() if model._meta.label in names]
    return {model._meta.db_table for model in models}


def _is_ours(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relispartition FROM pg_class WHERE oid = to_regclass(%s)", [f'"{table}"'])
        (is_partition,) = cursor.fetchone()
    return not is_partition and not table.startswith(FOREIGN)
