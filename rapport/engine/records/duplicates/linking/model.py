"""A model: how much each answer weighs, as it is kept between scans, and the score of one pair by it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import log2
from typing import Any

from rapport.engine.records.duplicates.linking.agreeing import Row
from rapport.engine.records.duplicates.linking.guards import held_to
from rapport.engine.records.duplicates.linking.keys import number_of
from rapport.engine.records.duplicates.linking.kinds import Comparison, Level
from rapport.engine.records.duplicates.linking.shape import Shape

MISSING = "missing"
SMALLEST = 1_000  # records: in a smaller table a pair is not believed to be more probable
EXPECTED = 0.5  # duplicate pairs for each record, where nothing is known
LIKELY = 0.02, 5.0  # at least and at most


@dataclass(frozen=True)
class Terms:
    """How frequent the common values of a column are, by the number of the value, and what all others count as."""

    least: float
    known: Mapping[int, float] = field(default_factory=dict)

    def frequency(self, value: object) -> float:
        return max(self.least, self.known.get(number_of(str(value)), 0.0))


@dataclass(frozen=True)
class Scored:
    """A pair: how probable it is that both are one, and what each comparison says, as label and weight in bits."""

    probability: float
    reasons: Mapping[str, tuple[str, float]]


@dataclass
class Model:
    """Weights of a shape. `chances` has m and u of each level; `learned` names the comparisons that data taught."""

    shape: Shape
    records: int = 0
    expected: float = EXPECTED
    chances: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)
    terms: dict[str, Terms] = field(default_factory=dict)
    learned: list[str] = field(default_factory=list)
    lifted: frozenset[str] = frozenset()
    common: frozenset[int] = frozenset()

    @property
    def prior(self) -> float:
        """How probable it is that two records taken at random are one."""
        return self.expected / max(self.records, SMALLEST)

    def chance(self, comparison: Comparison, level: Level) -> tuple[float, float]:
        """m and u of a level."""
        return self.chances.get(comparison.name, {}).get(level.label, (level.m, level.u))

    def score(self, left: Row, right: Row) -> Scored:
        """What is to be said of two records with normal values."""
        reasons = {one.name: self._compare(one, left, right) for one in self.shape.comparisons}
        bits = bits_of(self.prior) + sum(weight for _label, weight in reasons.values())
        labels = {name: label for name, (label, _weight) in reasons.items()}
        return Scored(min(probability_of(bits), held_to(labels, self.lifted)), reasons)

    def _compare(self, comparison: Comparison, left: Row, right: Row) -> tuple[str, float]:
        if not all(any(row.get(name) for name in comparison.needs) for row in (left, right)):
            return MISSING, 0.0
        level = next(one for one in comparison.levels if one.agreement is None or one.agreement.holds(left, right))
        m, u = self.chance(comparison, level)
        if level.terms and level.terms in self.terms:
            u = self.terms[level.terms].frequency(left[level.terms])
        return level.label, log2(m / u)

    def seeing(self, shape: Shape) -> "Model":
        """The same weights for fewer columns."""
        return replace(self, shape=shape)

    def as_json(self) -> dict[str, Any]:
        """What is kept; `from_json` reads it for a shape that still has the same comparisons."""
        return {
            "records": self.records,
            "expected": self.expected,
            "chances": self.chances,
            "terms": {
                name: [one.least, {str(key): value for key, value in one.known.items()}]
                for name, one in self.terms.items()
            },
            "learned": self.learned,
            "lifted": sorted(self.lifted),
            "common": sorted(self.common),
        }


def read_model(shape: Shape, kept: Mapping[str, Any]) -> Model:
    """The model that was kept. What the shape has come to hold since is compared as is usual."""
    terms = {
        name: Terms(least, {int(key): value for key, value in known.items()})
        for name, (least, known) in kept.get("terms", {}).items()
    }
    chances = {
        name: {label: (pair[0], pair[1]) for label, pair in levels.items()}
        for name, levels in kept.get("chances", {}).items()
    }
    return Model(
        shape=shape,
        records=kept.get("records", 0),
        expected=kept.get("expected", EXPECTED),
        chances=chances,
        terms=terms,
        learned=list(kept.get("learned", ())),
        lifted=frozenset(kept.get("lifted", ())),
        common=frozenset(kept.get("common", ())),
    )


def bits_of(probability: float) -> float:
    """The logarithm (base 2) of the odds of a probability."""
    return log2(probability / (1 - probability))


def probability_of(bits: float) -> float:
    """A probability from the logarithm (base 2) of its odds."""
    if bits > 60:
        return 1.0
    return 2**bits / (1 + 2**bits)
