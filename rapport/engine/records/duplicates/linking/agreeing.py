"""How two records may agree, said once: asked in SQL of millions of pairs, in Python of one.

A row maps columns to normal values: text, a list of texts, or None. A pair in SQL has each column as `…_l` and `…_r`.
What is missing agrees with nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

Value = str | Sequence[str] | None
Row = Mapping[str, Value]


class Agreement(Protocol):
    """One way to agree."""

    def sql(self) -> str:
        """The condition upon a pair; NULL counts as no."""

    def holds(self, left: Row, right: Row) -> bool:
        """The same for two rows."""


@dataclass(frozen=True)
class Same:
    """Equal texts."""

    column: str

    def sql(self) -> str:
        return f'"{self.column}_l" = "{self.column}_r"'

    def holds(self, left: Row, right: Row) -> bool:
        value = left.get(self.column)
        return value is not None and value == right.get(self.column)


@dataclass(frozen=True)
class Crossed:
    """Two columns of which each holds the other's text, or nearly, from the given similarity on."""

    one: str
    other: str
    least: float = 1.0

    def sql(self) -> str:
        return f"{self._alike(self.one, self.other)} AND {self._alike(self.other, self.one)}"

    def _alike(self, one: str, other: str) -> str:
        if self.least == 1.0:
            return f'"{one}_l" = "{other}_r"'
        return f'jaro_winkler_similarity("{one}_l", "{other}_r") >= {self.least}'

    def holds(self, left: Row, right: Row) -> bool:
        pairs = [(left.get(self.one), right.get(self.other)), (left.get(self.other), right.get(self.one))]
        return all(_is_close(one, other, self.least) for one, other in pairs)


@dataclass(frozen=True)
class Strayed:
    """One of two columns that holds the other's text."""

    one: str
    other: str

    def sql(self) -> str:
        return f'"{self.one}_l" = "{self.other}_r" OR "{self.other}_l" = "{self.one}_r"'

    def holds(self, left: Row, right: Row) -> bool:
        pairs = [(left.get(self.one), right.get(self.other)), (left.get(self.other), right.get(self.one))]
        return any(one is not None and one == other for one, other in pairs)


@dataclass(frozen=True)
class Close:
    """Texts of a Jaro–Winkler similarity of at least so much (Winkler 1990)."""

    column: str
    least: float

    def sql(self) -> str:
        return f'jaro_winkler_similarity("{self.column}_l", "{self.column}_r") >= {self.least}'

    def holds(self, left: Row, right: Row) -> bool:
        return _is_close(left.get(self.column), right.get(self.column), self.least)


@dataclass(frozen=True)
class Edits:
    """Texts that so many letters written wrongly, left out, added or changed over make the same."""

    column: str
    most: int

    def sql(self) -> str:
        left, right = f'"{self.column}_l"', f'"{self.column}_r"'
        # The exact distance is dear; lengths and the plain one tell nearly all pairs from each other.
        return (
            f"abs(length({left}) - length({right})) <= {self.most} AND levenshtein({left}, {right}) <= {2 * self.most}"
            f" AND damerau_levenshtein({left}, {right}) <= {self.most}"
        )

    def holds(self, left: Row, right: Row) -> bool:
        one, other = _bytes(left.get(self.column)), _bytes(right.get(self.column))
        return one is not None and other is not None and DamerauLevenshtein.distance(one, other) <= self.most


@dataclass(frozen=True)
class Begins:
    """One text is the beginning of the other, or its initial: `j`, `anna` and `anna maria`."""

    column: str

    def sql(self) -> str:
        left, right = f'"{self.column}_l"', f'"{self.column}_r"'
        return (
            f"length({left}) = 1 AND starts_with({right}, {left})"
            f" OR length({right}) = 1 AND starts_with({left}, {right})"
            f" OR starts_with({right}, {left} || ' ') OR starts_with({left}, {right} || ' ')"
        )

    def holds(self, left: Row, right: Row) -> bool:
        one, other = left.get(self.column), right.get(self.column)
        if not isinstance(one, str) or not isinstance(other, str):
            return False
        short, long = sorted((one, other), key=len)
        return long.startswith(short if len(short) == 1 else short + " ")


@dataclass(frozen=True)
class Shares:
    """Lists with a text in common."""

    column: str

    def sql(self) -> str:
        return f'list_has_any("{self.column}_l", "{self.column}_r")'

    def holds(self, left: Row, right: Row) -> bool:
        return not set(left.get(self.column) or ()).isdisjoint(right.get(self.column) or ())


@dataclass(frozen=True)
class Within:
    """Lists of which one holds all of the other."""

    column: str

    def sql(self) -> str:
        left, right = f'"{self.column}_l"', f'"{self.column}_r"'
        return f"list_has_all({left}, {right}) OR list_has_all({right}, {left})"

    def holds(self, left: Row, right: Row) -> bool:
        one, other = left.get(self.column), right.get(self.column)
        return one is not None and other is not None and (set(one) <= set(other) or set(other) <= set(one))


@dataclass(frozen=True)
class Overlaps:
    """Lists of which at least this part of all their texts is in both."""

    column: str
    least: float

    def sql(self) -> str:
        left, right = f'"{self.column}_l"', f'"{self.column}_r"'
        common = f"len(list_intersect({left}, {right}))"
        return f"{common} >= {self.least} * (len({left}) + len({right}) - {common})"

    def holds(self, left: Row, right: Row) -> bool:
        one, other = left.get(self.column), right.get(self.column)
        if one is None or other is None:
            return False
        common = len(set(one) & set(other))
        return common >= self.least * (len(one) + len(other) - common)


@dataclass(frozen=True)
class Apart:
    """Years at the beginning of two dates (`19650314`) that lie at least so far from each other."""

    column: str
    years: int

    def sql(self) -> str:
        left, right = (f'TRY_CAST(left("{self.column}_{side}", 4) AS INTEGER)' for side in "lr")
        return f"abs({left} - {right}) >= {self.years}"

    def holds(self, left: Row, right: Row) -> bool:
        one, other = left.get(self.column), right.get(self.column)
        if not isinstance(one, str) or not isinstance(other, str):
            return False
        return one[:4].isdecimal() and other[:4].isdecimal() and abs(int(one[:4]) - int(other[:4])) >= self.years


@dataclass(frozen=True)
class All:
    """Every one of them."""

    of: Sequence[Agreement]

    def sql(self) -> str:
        return " AND ".join(f"({one.sql()})" for one in self.of)

    def holds(self, left: Row, right: Row) -> bool:
        return all(one.holds(left, right) for one in self.of)


@dataclass(frozen=True)
class Any:
    """At least one of them."""

    of: Sequence[Agreement]

    def sql(self) -> str:
        return " OR ".join(f"({one.sql()})" for one in self.of)

    def holds(self, left: Row, right: Row) -> bool:
        return any(one.holds(left, right) for one in self.of)


def _bytes(value: Value) -> bytes | None:
    # The database measures distances in bytes of UTF-8.
    return value.encode() if isinstance(value, str) else None


def _is_close(left: Value, right: Value, least: float) -> bool:
    one, other = _bytes(left), _bytes(right)
    return one is not None and other is not None and JaroWinkler.similarity(one, other) >= least
