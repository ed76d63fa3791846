"""Rows of one file that mean the same record: told by any of their addresses, and settled as somebody said."""

from typing import Any

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from rapport.engine.records.fields import KEYED
from rapport.engine.records.imports.compiled import Compiled
from rapport.engine.records.models import Fate, ImportPlan, ImportRun

KEY = "-1:duplicate"
CHUNK = 2_000
REMEMBERED = 10_000  # rows that are checked again with every mend; beyond this all are
# Which rows of those that share a key are settled, by their place among them.
FIRST_STAYS = "row_number() OVER (PARTITION BY key ORDER BY n) > 1"
LATER_STAYS = "row_number() OVER (PARTITION BY key ORDER BY n DESC) > 1"
NONE_STAYS = "count(*) OVER (PARTITION BY key) > 1"
WAYS = {
    "": (LATER_STAYS, Fate.BAD),
    "later": (LATER_STAYS, Fate.SKIPPED),
    "first": (FIRST_STAYS, Fate.SKIPPED),
    "skip": (NONE_STAYS, Fate.SKIPPED),
    "merge": (FIRST_STAYS, Fate.UPDATE),
}
# As an array: of a plan that was just written there are no statistics, and a join may then take hours.
SETTLE = """
WITH places AS (
    SELECT n, {which} AS goes FROM import_plan
    WHERE run_id = %(run)s AND key IS NOT NULL AND state IN ('n', 'u', 'c', 's')
), settled AS (
    UPDATE import_plan AS p SET state = %(state)s
    WHERE p.run_id = %(run)s AND p.n = ANY(ARRAY(SELECT n FROM places WHERE goes)) RETURNING p.n, p.key
)
INSERT INTO import_problem (run_id, n, col, code, value, message)
SELECT %(run)s, n, -1, 'duplicate', left(split_part(key, ':', 2), 300), %(message)s FROM settled WHERE %(state)s = 'b'
"""
UNITE = """
UPDATE import_plan AS p SET key = same.becomes FROM unnest(%s::text[], %s::text[]) AS same(was, becomes)
WHERE p.run_id = %s AND p.key = same.was RETURNING p.n
"""


def settle_doubles(run: ImportRun, compiled: Compiled) -> None:
    """Note rows that mean the same record as another row, or do with them what was said for all of them."""
    if not compiled.match:
        return
    run.found = {**run.found, "united": _unite(run, compiled)[:REMEMBERED]}
    which, state = WAYS[run.mends.get(KEY, "")]
    message = _("Another row of this file is about the same one.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SETTLE.format(which=which), {"run": run.pk, "state": state, "message": message})


def ways_to_settle(compiled: Compiled | None) -> list[str]:
    """What can be done with doubles; merging writes one after the other, so later ones must be allowed to change."""
    may_change = compiled is not None and compiled.mode != "create"
    return ["later", "first", *(["merge"] if may_change else []), "skip"]


def _unite(run: ImportRun, compiled: Compiled) -> list[int]:
    """Give rows that share an address one key, whichever of their addresses it is. Returns the rows concerned."""
    united: list[int] = []
    for way in compiled.match:
        to = compiled.field(way)
        if to is None or to.type.name not in KEYED:
            continue
        roots = Roots()
        for values in _several(run, way, to.type):
            roots.join(values)
        pairs = roots.pairs()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(UNITE, [[f"{way}:{was}" for was in pairs], [f"{way}:{to}" for to in pairs.values()], run.pk])
            united += [n for (n,) in cursor.fetchall()]
    return united


def _several(run: ImportRun, way: str, type_: Any) -> Any:
    """The addresses of each row that has more than one."""
    mark = f'"{type_.key}":'
    plans = ImportPlan.objects.filter(
        run_id=run.pk, state__in=Fate.WRITTEN, key__startswith=f"{way}:", values__regex=f"{mark}.*{mark}"
    )
    for text in plans.order_by("n").values_list("values", flat=True).iterator(CHUNK):
        yield [type_.value_of(entry) for entry in orjson.loads(text)["v"].get(way, [])]


class Roots:
    """Values that belong together, each under the one that was met first."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def join(self, values: list[str]) -> None:
        """Say that values belong together."""
        roots = list(dict.fromkeys(self._root(value) for value in values))
        for other in roots[1:]:
            self._above[other] = roots[0]

    def pairs(self) -> dict[str, str]:
        """Each value that stands under another, with that one."""
        return {value: self._root(value) for value, above in self._above.items() if value != above}

    def _root(self, value: str) -> str:
        above = self._above.setdefault(value, value)
        while above != self._above[above]:
            above = self._above[above]
        self._above[value] = above
        return above
