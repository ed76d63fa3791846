"""What no sum of weights may outvote: evidence that two records are two, however much they share.

Weights are added as if each column were independent. Colleagues share a telephone, a box and an address; a father and
his son a name and an address; the branches of a chain a name and a domain; namesakes their Main Street in two towns.
Each guard says by which answers such a pair is told, and to what its probability is held. A guard is lifted where the
records themselves say that pairs which look so are mistakes in one column and not two records (`lifting.py`); its
pairs stay doubtful, and are never certain.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

THRESHOLD = 0.9  # from here on a pair is shown
CERTAIN = 0.9999  # from here on it may be merged by itself, if an administrator said so
APART, DOUBTFUL = 0.5, 0.99
Answers = Mapping[str, str]
Numbers = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Guard:
    """Holds a pair that has all of `when` and none of `unless` to a probability."""

    name: str
    when: Mapping[str, frozenset[str]]
    unless: Mapping[str, frozenset[str]]
    to: float
    liftable: bool = True

    def applies(self, answers: Answers) -> bool:
        said = all(answers.get(name) in labels for name, labels in self.when.items())
        return said and not any(answers.get(name) in labels for name, labels in self.unless.items())

    def sql(self, numbers: Numbers) -> str:
        """The condition upon answers as numbers; one about a comparison that is not made never holds."""
        if not self.when.keys() <= numbers.keys():
            return "FALSE"
        said = [among(name, labels, numbers) for name, labels in self.when.items()]
        return " AND ".join([*said, self.spares(numbers)])

    def spares(self, numbers: Numbers) -> str:
        """The condition that none of `unless` is said."""
        said = [among(name, labels, numbers) for name, labels in self.unless.items() if name in numbers]
        return f"NOT ({' OR '.join(said)})" if said else "TRUE"


def held_to(answers: Answers, lifted: Collection[str] = ()) -> float:
    """The most that the probability of a pair with these answers may be."""
    return min((guard.to for guard in GUARDS if guard.name not in lifted and guard.applies(answers)), default=1.0)


def held_sql(numbers: Numbers, lifted: Collection[str] = ()) -> str:
    """`held_to` in SQL. `numbers` has, for each comparison, the number by which each label stands in `gamma_…`."""
    in_force = [guard for guard in GUARDS if guard.name not in lifted]
    cases = [f"CASE WHEN {guard.sql(numbers)} THEN {guard.to} ELSE 1.0 END" for guard in in_force]
    return f"least({', '.join(cases)})"


def among(name: str, labels: frozenset[str], numbers: Numbers) -> str:
    """The condition that a comparison gives one of some answers."""
    known = sorted(numbers[name][label] for label in labels if label in numbers[name])
    return f'"gamma_{name}" IN ({", ".join(map(str, known))})' if known else "FALSE"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DIFFERENT = _words("different far")
ELSEWHERE = _words("region country different")
SAME, AGREES = _words("same"), _words("same alike near")
# Of one family, only what belongs to one person alone makes two one.
OWN = {"emails": SAME, "date": _words("same alike"), "code": SAME}
GUARDS = [
    Guard("colleagues", {"given": DIFFERENT, "family": DIFFERENT}, {"date": SAME}, APART),
    Guard("relatives", {"given": DIFFERENT}, OWN, APART),
    Guard("married", {"family": DIFFERENT}, OWN | {"phones": SAME}, APART),
    Guard("towns", {"place": ELSEWHERE}, OWN | {"phones": SAME, "domains": SAME}, APART, liftable=False),
    Guard("generations", {"date": _words("far")}, {"emails": SAME, "code": SAME}, APART),
    Guard("names", {"name": DIFFERENT}, {"code": SAME}, APART, liftable=False),
    Guard("codes", {"code": DIFFERENT}, {}, APART, liftable=False),
    *(
        Guard(f"doubt of {name}", {name: DIFFERENT}, {}, DOUBTFUL, liftable=False)
        for name in ("given", "family", "name", "date")
    ),
]
