"""What could be written next at a place in a formula."""

from collections.abc import Iterator
from dataclasses import replace

from rapport.engine.records.filters.complete import Language, Suggestion, completed
from rapport.engine.records.filters.errors import CHANGED, DID, Expectation, FilterError
from rapport.engine.records.filters.offers import Lookup, Offer, offers
from rapport.engine.records.filters.scope import Scope
from rapport.engine.records.formulas.functions import FUNCTIONS, IF
from rapport.engine.records.formulas.parse import parse_formula

NO_FORMULA = (f"{DID}(", f"{CHANGED}(", "held ")


def complete_formula(text: str, cursor: int, scope: Scope, lookup: Lookup | None = None) -> list[Suggestion]:
    """What could stand at the cursor, best first; as `complete` of filters."""
    return completed(FORMULAS, text, cursor, scope, lookup)


def _expected(stem: str) -> Expectation | None:
    """Behind a whole formula nothing is offered: what people want to see then is what it gives."""
    try:
        parse_formula(stem)
    except FilterError as error:
        return error.expects
    return None


def _offers(expected: Expectation, typed: str, scope: Scope, lookup: Lookup | None) -> Iterator[Offer]:
    """As a filter has them; where a value may stand also functions."""
    inside = tuple(one for one in expected.inside if one.function)
    if typed[:1].isdigit():
        return
    for offer in offers(replace(expected, inside=inside), typed, scope, lookup):
        if offer[0] not in NO_FORMULA:
            yield offer
    if not inside and expected.wanted == "field" and "." not in typed:
        yield f"{IF}(", "if(condition, value, otherwise)"
        yield from ((f"{one.name}(", f"{one.sample}: {one.help}") for one in FUNCTIONS.values())
        yield "today", "today"


FORMULAS = Language(_expected, _offers)
