"""Writing back what a scan found: keys as they changed, slice by slice; pairs and clusters of the type anew."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction

from rapport.engine.records.duplicates.linking.link import clusters_of
from rapport.engine.records.duplicates.linking.model import Model
from rapport.engine.records.duplicates.linking.splinked import numbers
from rapport.engine.records.duplicates.linking.store import Store
from rapport.engine.records.duplicates.said import unlike
from rapport.engine.records.duplicates.shapes import named
from rapport.engine.records.models import DuplicateCluster, DuplicateKey, DuplicatePair
from rapport.engine.records.registry import RecordType

PIECE = 20_000
SLICE = 10_000  # keys of one transaction, for reactions wait while it is open
STAGE = {
    "stage_key": "record_id uuid, version int, keys bigint[]",
    "stage_pair": "one uuid, other uuid, probability float8, reasons jsonb",
    "stage_cluster": "members uuid[], score float8",
}
KEYS = """
INSERT INTO duplicate_key AS known (record_id, record_type, version, keys)
SELECT record_id, %s, version, keys FROM stage_key ORDER BY record_id
ON CONFLICT (record_id) DO UPDATE SET version = excluded.version, keys = excluded.keys
WHERE known.version <= excluded.version AND known.keys IS DISTINCT FROM excluded.keys
"""
GONE = """
DELETE FROM duplicate_key AS known
WHERE record_type = %s AND NOT EXISTS (SELECT FROM {live} WHERE live.id = known.record_id AND live.deleted_at IS NULL)
"""
PAIRS = """
INSERT INTO duplicate_pair (record_type, one, other, probability, reasons)
SELECT %s, one, other, probability, reasons FROM stage_pair ON CONFLICT (one, other) DO NOTHING
"""
PAIRS_OF = "SELECT a.id, b.id, probability, {columns} FROM edge JOIN record a ON a.n = l JOIN record b ON b.n = r"
CLUSTERS = "INSERT INTO duplicate_cluster (record_type, members, score) SELECT %s, members, score FROM stage_cluster"
# Keys that too many share are not kept: nobody is looked for by them.
STORED_KEYS = """
SELECT record.id, version.version, list(key.key ORDER BY key.key) FILTER (WHERE key.key IS NOT NULL)
FROM record JOIN version USING (n)
LEFT JOIN (SELECT * FROM key WHERE key NOT IN (SELECT key FROM common)) AS key USING (n)
GROUP BY record.id, version.version
"""


def write(rtype: RecordType, store: Store, model: Model) -> dict[str, int]:
    """Put a linked store's findings into the tables. Returns how many pairs and clusters there are."""
    _write_keys(rtype, store)
    apart = unlike(rtype)
    with transaction.atomic(), connection.cursor() as cursor:
        _stage(cursor, "stage_pair")
        _stage(cursor, "stage_cluster")
        pairs = _copy(cursor, "stage_pair", _pairs(store, model))
        clusters = _copy(cursor, "stage_cluster", _clusters(apart, store))
        DuplicatePair.objects.filter(record_type=rtype.slug).delete()
        DuplicateCluster.objects.filter(record_type=rtype.slug).delete()
        cursor.execute(PAIRS, [rtype.slug])
        cursor.execute(CLUSTERS, [rtype.slug])
    return {"pairs": pairs, "clusters": clusters}


def _write_keys(rtype: RecordType, store: Store) -> None:
    """Each record's keys by themselves: a scan that is broken off leaves some that are new, and none that are wrong."""
    found = _fetched(store, STORED_KEYS, lambda row: (row[0], row[1], row[2] or []))
    while some := list(islice(found, SLICE)):
        with transaction.atomic(), connection.cursor() as cursor:
            _stage(cursor, "stage_key")
            _copy(cursor, "stage_key", some)
            cursor.execute(KEYS, [rtype.slug])
    live = f"{connection.ops.quote_name(rtype.model._meta.db_table)} AS live"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(GONE.format(live=live), [rtype.slug])


def _stage(cursor: Any, name: str) -> None:
    """A table that lasts as long as the transaction."""
    cursor.execute(f"DROP TABLE IF EXISTS {name}")
    cursor.execute(f"CREATE TEMP TABLE {name} ({STAGE[name]}) ON COMMIT DROP")


def forget_type(slug: str) -> None:
    """Take all of a type out of the tables."""
    for model in (DuplicateKey, DuplicatePair, DuplicateCluster):
        model.objects.filter(record_type=slug).delete()


def _copy(cursor: Any, table: str, rows: Iterable[tuple[Any, ...]]) -> int:
    count = 0
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _fetched(store: Store, sql: str, make: Any) -> Iterator[tuple[Any, ...]]:
    found = store.db.cursor().execute(sql)
    while rows := found.fetchmany(PIECE):
        yield from map(make, rows)


def _pairs(store: Store, model: Model) -> Iterator[tuple[Any, ...]]:
    shape = store.shape
    labels = {name: {at: label for label, at in known.items()} for name, known in numbers(model).items()}
    names = [one.name for one in shape.comparisons]
    columns = ", ".join(f'"gamma_{name}", "mw_{name}"' for name in names)
    sql = PAIRS_OF.format(columns=columns)

    def made(row: Any) -> tuple[Any, ...]:
        one, other = sorted((row[0], row[1]))
        said = {name: (labels[name][row[3 + 2 * at]], row[4 + 2 * at]) for at, name in enumerate(names)}
        return one, other, row[2], orjson.dumps(named(said, shape)).decode()

    return _fetched(store, sql, made)


def _clusters(unlike_: set[tuple[UUID, UUID]], store: Store) -> Iterator[tuple[Any, ...]]:
    store.db.execute("CREATE OR REPLACE TABLE apart (one VARCHAR, other VARCHAR)")
    said = [(str(one), str(other)) for one, other in unlike_]
    if said:
        store.db.executemany("INSERT INTO apart VALUES (?, ?)", said)
    apart = store.rows(
        "SELECT least(a.n, b.n), greatest(a.n, b.n) FROM apart "
        "JOIN record a ON a.id = one JOIN record b ON b.id = other"
    )
    found = clusters_of(store, apart)
    while batch := list(islice(found, PIECE)):
        numbers_ = [n for cluster in batch for n in cluster.members]
        ids = dict(store.rows("SELECT n, id FROM record WHERE n IN (SELECT unnest(?))", numbers_))
        yield from ((sorted(UUID(ids[n]) for n in cluster.members), cluster.score) for cluster in batch)
