"""A row between being checked and being written: its values as JSON, as the plan keeps them."""

from datetime import datetime
from typing import Any

import orjson

from rapport.engine.records.imports.compiled import Compiled, Turn
from rapport.engine.records.imports.rows import Read


class Keeper:
    """Turns rows into JSON and back; how each field does it is looked up once."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._packs: dict[str, Turn] = {}
        self._unpacks: dict[str, Turn | None] = {}

    def as_json(self, row: Read) -> str:
        packs = self._packs
        for slug in row.values.keys() - packs.keys():
            to = self._compiled.field(slug)
            assert to is not None
            packs[slug] = to.type.to_custom
        kept: dict[str, Any] = {"v": {slug: packs[slug](value) for slug, value in row.values.items()}}
        if row.named:
            kept["r"] = row.named
        if row.external_id:
            kept["x"] = row.external_id
        if row.changed:
            kept["t"] = row.changed.isoformat()
        return orjson.dumps(kept).decode()

    def from_json(self, n: int, text: str, key: str | None) -> Read:
        """A row as it was kept, but for fields that are gone since."""
        kept = orjson.loads(text)
        unpacks = self._unpacks
        for slug in kept["v"].keys() - unpacks.keys():
            to = self._compiled.field(slug)
            unpacks[slug] = to.type.from_custom if to else None
        values = {slug: turn(value) for slug, value in kept["v"].items() if (turn := unpacks[slug])}
        changed = datetime.fromisoformat(kept["t"]) if "t" in kept else None
        return Read(n, values=values, named=kept.get("r", {}), external_id=kept.get("x", ""), changed=changed, key=key)
