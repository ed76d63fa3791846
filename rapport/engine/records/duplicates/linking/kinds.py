"""The kinds of columns, and how two values of each kind compare: levels from the strongest agreement to none.

`m` is how often records of one person or thing agree so, `u` how often any two others do: what is usual, until an
instance's own data say better (Fellegi & Sunter 1969; frequencies of values after Winkler 1988).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rapport.engine.records.duplicates.linking.agreeing import (
    Agreement,
    All,
    Any,
    Apart,
    Begins,
    Close,
    Crossed,
    Edits,
    Overlaps,
    Same,
    Shares,
    Strayed,
    Within,
)

GENERATION = 12  # years between two dates of birth that no slip of the pen explains


@dataclass(frozen=True)
class Level:
    """One answer to how two values compare.

    `terms` is the column whose common values count for less. What is `told` by another comparison weighs nothing here.
    """

    label: str
    agreement: Agreement | None
    m: float
    u: float
    terms: str = ""
    told: bool = False


@dataclass(frozen=True)
class Comparison:
    """What is compared: `needs` are the columns of which each side must have one, else the answer is *missing*."""

    name: str
    needs: Sequence[str]
    levels: Sequence[Level]


def comparison(kind: str, *, given: bool = False) -> Comparison:
    """How values of a kind compare. `given`: the records have a column of given names beside the family names."""
    if kind in ("given", "family"):
        return _part_of_name(kind, crossed=given)
    base = kind.rstrip("0123456789")
    return Comparison(kind, NEEDS.get(base, (kind,)), [_named(level, base, kind) for level in LEVELS[base]])


def _part_of_name(kind: str, *, crossed: bool) -> Comparison:
    """Given and family names. Exchanged ones are told only where there are both columns."""
    levels = [
        Level("same", Same(kind), 0.8, 0.006, kind),
        Level("alike", Close(kind, 0.88), 0.09, 0.008),
        Level("part", Begins(kind), 0.03, 0.006),
        Level("near", Close(kind, 0.8), 0.02, 0.01),
        Level("different", None, 0.04, 0.97),
    ]
    if crossed:
        told = kind == "family"
        levels[1:1] = [Level("swapped", Crossed("given", "family", 0.88), 0.01, 0.01 if told else 0.00001, told=told)]
        levels[-1:-1] = [Level("strayed", Strayed("given", "family"), 0.005, 0.005 if told else 0.0008, told=told)]
    return Comparison(kind, (kind,), levels)


def _named(level: Level, base: str, kind: str) -> Level:
    """The level for a further column of a kind: `code2` instead of `code`."""
    if base == kind:
        return level
    agreement = level.agreement
    if isinstance(agreement, Same):
        agreement = Same(kind)
    elif isinstance(agreement, Edits):
        agreement = Edits(kind, agreement.most)
    elif isinstance(agreement, Close):
        agreement = Close(kind, agreement.least)
    return Level(level.label, agreement, level.m, level.u, kind if level.terms else "")


LEVELS: dict[str, Sequence[Level]] = {
    "name": [
        Level("same", Same("name"), 0.6, 0.0005, "name"),
        Level("alike", Any([Close("name", 0.93), Close("spelled", 0.93), Same("joined")]), 0.2, 0.001),
        Level("part", Within("words"), 0.1, 0.003),
        Level("partly", Any([Overlaps("words", 0.5), Close("spelled", 0.85)]), 0.05, 0.01),
        Level("different", None, 0.05, 0.98),
    ],
    "emails": [
        Level("same", Shares("emails"), 0.6, 0.000_002),
        Level("alike", Any([Same("local"), All([Close("email", 0.94), Same("numerals")])]), 0.1, 0.0004),
        Level("shared", Shares("boxes"), 0.05, 0.002),
        Level("different", None, 0.25, 0.998),
    ],
    "phones": [
        Level("same", Shares("phones"), 0.65, 0.000_01),
        Level("alike", Edits("phone", 1), 0.04, 0.0002),
        Level("different", None, 0.31, 0.9998),
    ],
    "domains": [
        Level("same", Shares("domains"), 0.75, 0.0001),
        Level("alike", Shares("labels"), 0.05, 0.0003),
        Level("different", None, 0.2, 0.9996),
    ],
    "links": [
        Level("same", Shares("links"), 0.75, 0.000_01),
        Level("different", None, 0.25, 0.999_99),
    ],
    "date": [
        Level("same", Same("date"), 0.88, 0.000_06),
        Level("alike", Any([Edits("date", 1), All([Same("year"), Crossed("month", "day")])]), 0.07, 0.0015),
        Level(
            "near",
            Any(
                [
                    All([Same("year"), Same("month")]),
                    All([Same("year"), Same("day")]),
                    All([Same("month"), Same("day")]),
                ]
            ),
            0.02,
            0.006,
        ),
        Level("far", Apart("date", GENERATION), 0.005, 0.65),
        Level("different", None, 0.025, 0.34),
    ],
    "street": [
        Level("same", Same("street"), 0.7, 0.000_03),
        Level("alike", Any([Close("street", 0.92), All([Same("number"), Close("street", 0.85)])]), 0.18, 0.0008),
        Level("part", Any([Within("parts"), Overlaps("parts", 0.6)]), 0.05, 0.001),
        Level("different", None, 0.12, 0.999),
    ],
    "place": [
        Level("place", Same("place"), 0.72, 0.001, "place"),
        Level(
            "alike",
            Any([All([Same("postcode"), Close("city", 0.8)]), All([Same("city"), Edits("postcode", 1)])]),
            0.12,
            0.001,
        ),
        Level("postcode", Same("postcode"), 0.04, 0.001),
        Level("city", Same("city"), 0.06, 0.004, "city"),
        Level("near", Close("city", 0.9), 0.02, 0.004),
        Level("region", Same("region"), 0.015, 0.12),
        Level("country", All([Same("country")]), 0.015, 0.2),
        Level("different", None, 0.01, 0.67),
    ],
    "code": [
        Level("same", Same("code"), 0.9, 0.000_002),
        Level("alike", Edits("code", 1), 0.04, 0.000_02),
        Level("different", None, 0.06, 0.9999),
    ],
    "text": [
        Level("same", Same("text"), 0.8, 0.01, "text"),
        Level("alike", Close("text", 0.9), 0.1, 0.01),
        Level("different", None, 0.1, 0.98),
    ],
}
NEEDS = {"emails": ("emails", "boxes"), "place": ("city", "postcode")}
