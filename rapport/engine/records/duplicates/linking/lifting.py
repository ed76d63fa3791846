"""Which guards an instance needs not: those whose pairs are no more than its mistakes let expect.

Of duplicates it is known how often a column agrees and how often it does not (m). So those that agree in it say how
many must differ in nothing but it. If about as many pairs are found, they are the mistakes; if many more are, they are
relatives, colleagues or branches, and the guard stays.
"""

from rapport.engine.records.duplicates.linking.guards import GUARDS, SAME, Guard, among, held_sql
from rapport.engine.records.duplicates.linking.model import Model
from rapport.engine.records.duplicates.linking.splinked import numbers
from rapport.engine.records.duplicates.linking.store import Store

FEWEST = 5  # mistakes to be expected: from fewer nothing follows
MOST_RIVALS = 2  # pairs that are taken to be two, even where none is found
SHARE = 0.5  # of the pairs that look so must be mistakes: more likely one than two
COUNT = "SELECT count(*) FROM scored WHERE {where}"


def lift(store: Store, model: Model, *, above: str) -> None:
    """Set which guards are lifted, by the pairs in `scored`; `above` is the condition of those that look like one."""
    known = numbers(model)
    model.lifted = frozenset(
        guard.name
        for guard in GUARDS
        if _may_be_lifted(guard, model) and _is_needless(guard, store, model, f"{above} AND {guard.spares(known)}")
    )


def _may_be_lifted(guard: Guard, model: Model) -> bool:
    return guard.liftable and set(guard.when) <= set(model.learned)


def _is_needless(guard: Guard, store: Store, model: Model, above: str) -> bool:
    known = numbers(model)
    agree = " AND ".join(among(name, SAME, known) for name in guard.when)
    held = held_sql(known)
    agreeing = store.rows(COUNT.format(where=f"{above} AND {agree} AND {held} >= 0.9"))[0][0]
    expected = float(agreeing)
    for name, labels in guard.when.items():
        chances = model.chances[name]
        expected *= sum(chances[label][0] for label in labels if label in chances) / chances["same"][0]
    found = store.rows(COUNT.format(where=f"{above} AND {guard.sql(known)}"))[0][0]
    return expected >= FEWEST and expected >= SHARE * (found + MOST_RIVALS)
