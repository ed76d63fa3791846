"""Linking a table: from records in a store to clusters, with what was learned on the way."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby

from rapport.engine.records.duplicates.linking.grouping import Cluster, clusters
from rapport.engine.records.duplicates.linking.guards import THRESHOLD, held_sql
from rapport.engine.records.duplicates.linking.lifting import lift
from rapport.engine.records.duplicates.linking.model import LIKELY, Model, bits_of
from rapport.engine.records.duplicates.linking.pairs import Limits, make_pairs
from rapport.engine.records.duplicates.linking.splinked import numbers, score_pairs
from rapport.engine.records.duplicates.linking.store import Store
from rapport.engine.records.duplicates.linking.training import correct, train

LARGEST_FILLED = 60  # members of a component of which all pairs are scored
REST = """
CREATE OR REPLACE TABLE rest AS
WITH sized AS (SELECT component FROM member GROUP BY component HAVING count(*) BETWEEN 3 AND {most})
SELECT '1' AS match_key, a.n AS join_key_l, b.n AS join_key_r
FROM member a JOIN member b ON a.component = b.component AND a.n < b.n
WHERE a.component IN (SELECT component FROM sized)
  AND NOT EXISTS (SELECT 1 FROM edge WHERE edge.l = a.n AND edge.r = b.n)
"""
EDGES = "CREATE OR REPLACE TABLE {table} AS SELECT *, {chance} AS probability FROM {scored} WHERE {chance} >= {least}"
FOUND = "SELECT count(*) FROM scored WHERE {chance} >= {least}"
ROUNDS = 5
KNOWN = """
SELECT component, least(l, r), greatest(l, r), probability FROM
(SELECT l, r, probability FROM edge UNION ALL SELECT l, r, probability FROM filled) AS pairs
JOIN member ON member.n = pairs.l ORDER BY component
"""


@dataclass
class Linked:
    """What linking a store came to. The table `edge` holds the pairs above the threshold."""

    model: Model
    limits: Limits
    pairs: int


def link(store: Store, model: Model | None = None) -> Linked:
    """Score the pairs of a store into `edge`, and into `filled` those between members of one component."""
    limits = make_pairs(store)
    if model is None:
        model = train(store)
        _expect(store, model)
        if correct(model):
            _expect(store, model)
    else:
        score_pairs(store, model, "pair", into="scored", least=bits_of(THRESHOLD))
    model.common = frozenset(key for (key,) in store.rows("SELECT key FROM common"))
    _keep(store, model, "scored", into="edge", least=THRESHOLD)
    _components(store)
    store.db.execute(REST.format(most=LARGEST_FILLED))
    score_pairs(store, model, "rest", into="scored_rest", least=-1000.0)
    _keep(store, model, "scored_rest", into="filled", least=0.0)
    return Linked(model, limits, store.rows("SELECT count(*) FROM edge")[0][0])


def _expect(store: Store, model: Model) -> None:
    """Score the pairs, and learn from them how many duplicates are to be expected: what is found so, is expected."""
    least, most = LIKELY
    model.expected = most
    score_pairs(store, model, "pair", into="scored", least=bits_of(THRESHOLD))
    highest = bits_of(model.prior)
    for _round in range(ROUNDS):
        found = store.rows(FOUND.format(chance=_chance(model, bits_of(model.prior) - highest), least=THRESHOLD))[0][0]
        model.expected = min(max(found / max(store.records, 1), least), most)
    store.db.execute("UPDATE scored SET bits = bits + ?", [bits_of(model.prior) - highest])
    lift(store, model, above=f"bits >= {bits_of(THRESHOLD)}")


def _keep(store: Store, model: Model, scored: str, *, into: str, least: float) -> None:
    store.db.execute(EDGES.format(table=into, chance=_chance(model), scored=scored, least=least))


def _chance(model: Model, shift: float = 0.0) -> str:
    """The probability of a scored pair: that of its bits, as far as guards let it rise."""
    return f"least({held_sql(numbers(model), model.lifted)}, 1 / (1 + pow(2.0, -greatest(bits + {shift}, -500))))"


def clusters_of(store: Store, apart: Collection[tuple[int, int]] = ()) -> Iterator[Cluster[int]]:
    """The clusters of a linked store, one component after the other; members are numbers of records."""
    found = store.db.cursor().execute(KNOWN)
    rows = iter(found.fetchone, None)
    forbidden = frozenset(apart)
    for _component, pairs in groupby(rows, key=lambda row: row[0]):
        yield from clusters({(one, other): chance for _c, one, other, chance in pairs}, forbidden)


def _components(store: Store) -> None:
    """Fill `member` (n, component): records that any chain of pairs connects."""
    store.db.execute(
        "CREATE OR REPLACE TABLE member AS SELECT DISTINCT n, n AS component FROM "
        "(SELECT l AS n FROM edge UNION ALL SELECT r FROM edge)"
    )
    changed = 1
    while changed:
        store.db.execute(STEP)
        changed = store.rows("SELECT count(*) FROM step")[0][0]
        store.db.execute("UPDATE member SET component = step.component FROM step WHERE step.n = member.n")


STEP = """
CREATE OR REPLACE TABLE step AS
SELECT near.n, min(near.component) AS component FROM (
    SELECT edge.l AS n, other.component FROM edge JOIN member other ON other.n = edge.r
    UNION ALL SELECT edge.r, other.component FROM edge JOIN member other ON other.n = edge.l
) near JOIN member own ON own.n = near.n
GROUP BY near.n, own.component HAVING min(near.component) < own.component
"""
