"""A table of normal records and their keys in a DuckDB file of its own, so that no scan lives in Python's memory."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from rapport.engine.records.duplicates.linking.agreeing import Row
from rapport.engine.records.duplicates.linking.keys import keys
from rapport.engine.records.duplicates.linking.shape import Shape

MEMORY = "1500MB"
THREADS = 2
BATCH = 20_000
LEFT = "duplicates-"  # how the names of folders begin


class Store:
    """The tables `record` (n, id, normal values) and `key` (n, key). Numbers `n` count the records from 1."""

    def __init__(self, connection: Any, shape: Shape) -> None:
        self.db = connection
        self.shape = shape
        self.records = 0
        columns = [f'"{name}" VARCHAR' for name in shape.texts] + [f'"{name}" VARCHAR[]' for name in shape.lists]
        self.db.execute(f"CREATE TABLE record (n BIGINT, id VARCHAR, {', '.join(columns)})")
        self.db.execute("CREATE TABLE key (n BIGINT, key BIGINT)")
        self.db.execute("CREATE TABLE version (n BIGINT, version INTEGER)")

    def load(self, rows: Iterable[tuple[str, Row]]) -> Iterator[int]:
        """Add records, each an id and normal values. Yields how many there are after every batch."""
        source = iter(rows)
        while batch := list(islice(source, BATCH)):
            self._add(batch)
            yield self.records

    def note_versions(self, versions: Sequence[int]) -> None:
        """Keep the versions of the records that were added last."""
        import pyarrow

        first = self.records - len(versions) + 1
        numbers = pyarrow.array(range(first, self.records + 1), pyarrow.int64())
        self._insert("version", {"n": numbers, "version": pyarrow.array(versions, pyarrow.int32())})

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """What a statement finds."""
        found: list[Any] = self.db.execute(sql, list(values)).fetchall()
        return found

    def _add(self, batch: Sequence[tuple[str, Row]]) -> None:
        import pyarrow

        numbers = range(self.records + 1, self.records + len(batch) + 1)
        columns: dict[str, Any] = {
            "n": pyarrow.array(numbers, pyarrow.int64()),
            "id": pyarrow.array([key for key, _row in batch], pyarrow.string()),
        }
        text, listed = pyarrow.string(), pyarrow.list_(pyarrow.string())
        for names, kind in ((self.shape.texts, text), (self.shape.lists, listed)):
            columns |= {name: pyarrow.array([row.get(name) for _key, row in batch], kind) for name in names}
        self._insert("record", columns)
        made = [(n, key) for n, (_id, row) in zip(numbers, batch, strict=True) for key in keys(row)]
        self._insert(
            "key",
            {name: pyarrow.array([one[at] for one in made], pyarrow.int64()) for at, name in enumerate(("n", "key"))},
        )
        self.records += len(batch)

    def _insert(self, table: str, columns: dict[str, Any]) -> None:
        import pyarrow

        self.db.register("batch", pyarrow.table(columns))
        self.db.execute(f"INSERT INTO {table} SELECT * FROM batch")  # noqa: S608  a table of ours
        self.db.unregister("batch")


@contextmanager
def opened(shape: Shape, folder: Path | None = None) -> Iterator[Store]:
    """A store in a folder that only its owner may read and that is gone afterwards, below `folder` if one is named."""
    import duckdb

    place = Path(tempfile.mkdtemp(prefix=LEFT, dir=folder))
    os.chmod(place, 0o700)
    settings: dict[str, Any] = {
        "memory_limit": MEMORY,
        "threads": THREADS,
        "temp_directory": str(place / "spill"),
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    try:
        connection = duckdb.connect(str(place / "records.duckdb"), config=settings)
        os.chmod(place / "records.duckdb", 0o600)
        try:
            yield Store(connection, shape)
        finally:
            connection.close()
    finally:
        shutil.rmtree(place, ignore_errors=True)
