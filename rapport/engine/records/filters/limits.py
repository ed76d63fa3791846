"""How much one filter may ask, whichever way it was written."""

from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.tree import MAX_COST, MAX_DEPTH, MAX_LEAVES, Node, cost, count, depth


def refuse_too_much(tree: Node, place: Place) -> None:
    """Raises FilterError for a tree of too many conditions, nested too deeply, or too much work for the database."""
    refuse_weight(count(tree), depth(tree), cost(tree), place)


def refuse_weight(conditions: int, levels: int, work: int, place: Place) -> None:
    """As `refuse_too_much`, for what was weighed already."""
    if conditions > MAX_LEAVES:
        raise too_many(place)
    if levels > MAX_DEPTH:
        raise too_deep(place)
    if work > MAX_COST:
        raise FilterError(N_("This filter asks for too much at once: ask about fewer other records and events."), place)


def too_many(place: Place) -> FilterError:
    return FilterError(N_("This filter has too many conditions: at most %(most)d."), place, words={"most": MAX_LEAVES})


def too_deep(place: Place) -> FilterError:
    return FilterError(
        N_("This filter is nested too deeply: at most %(most)d levels."), place, words={"most": MAX_DEPTH}
    )
