"""Which pairs are compared: those that share a key, of keys that not too many records share."""

from dataclasses import dataclass

from rapport.engine.records.duplicates.linking.store import Store

MOST_SHARING = 400  # records of one key, however small the table
LEAST_SHARING = 5
PAIRS_FOR_EACH = 20  # on average, of a large table
FEW_PAIRS = 3_000_000  # however large, a table may have so many
# What a table of any size costs at most; how often each size of group occurs decides where to stop.
SIZES = "SELECT c, count(*) FROM (SELECT count(*) AS c FROM key GROUP BY key HAVING count(*) > 1) GROUP BY c ORDER BY c"
COMMON = "CREATE OR REPLACE TABLE common AS SELECT key, count(*) AS c FROM key GROUP BY key HAVING count(*) > ?"
# Apart from the join, so that no plan joins the common keys first and drops them afterwards.
KEPT = """
CREATE OR REPLACE TABLE kept AS SELECT n, key FROM key
WHERE key IN (SELECT key FROM key GROUP BY key HAVING count(*) BETWEEN 2 AND ?)
"""
MAKE = """
CREATE OR REPLACE TABLE pair AS
SELECT DISTINCT '0' AS match_key, a.n AS join_key_l, b.n AS join_key_r
FROM kept a JOIN kept b ON a.key = b.key AND a.n < b.n
"""


@dataclass(frozen=True)
class Limits:
    """How many records may share a key, what that left out, and how many pairs came of it."""

    sharing: int
    skipped: int
    largest: int
    pairs: int


def make_pairs(store: Store) -> Limits:
    """Fill the table `pair`, and `common` with the keys that too many records share."""
    sharing = most_sharing(store)
    store.db.execute(COMMON, [sharing])
    store.db.execute(KEPT, [sharing])
    store.db.execute(MAKE)
    skipped, largest = store.rows("SELECT count(*), coalesce(max(c), 0) FROM common")[0]
    return Limits(sharing, skipped, largest, store.rows("SELECT count(*) FROM pair")[0][0])


def most_sharing(store: Store) -> int:
    """The largest size of a group at which the pairs of all groups up to it stay within bounds."""
    budget = max(FEW_PAIRS, PAIRS_FOR_EACH * store.records)
    total, sharing = 0, LEAST_SHARING
    for size, groups in store.rows(SIZES):
        total += groups * size * (size - 1) // 2
        if size > LEAST_SHARING and (size > MOST_SHARING or total > budget):
            return sharing
        sharing = max(size, LEAST_SHARING)
    return max(sharing, MOST_SHARING)
