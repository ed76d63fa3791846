"""Rules that are there from the first day, declared by the rooms whose records they judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from rapport.engine.records.models import QualityRule
from rapport.engine.records.registry import Words

Kind = QualityRule.Kind


@dataclass(frozen=True, kw_only=True)
class BuiltIn:
    """A rule as code has it. `key` is permanent; `good` and `applies` are filters in words."""

    key: str
    field: str
    kind: str
    label: Words
    good: str = ""
    applies: str = ""
    months: int | None = None
    weight: int = 1

    def row_of(self, slug: str, position: int) -> QualityRule:
        """The rule as a row that is not kept."""
        return QualityRule(
            id=id_of(slug, self.key), record_type=slug, field=self.field, kind=self.kind,
            label=self.label,  # type: ignore[misc]  # lazy words become text where they are shown
            applies=self.applies, good=self.good, months=self.months, weight=self.weight, position=position,
        )  # fmt: skip


_declared: dict[str, Sequence[BuiltIn]] = {}


def declare_rules(slug: str, *rules: BuiltIn) -> None:
    """Give the record type with this slug its rules of the first day."""
    _declared[slug] = rules


def built_in_of(slug: str) -> Sequence[BuiltIn]:
    """The rules of the first day of a record type."""
    return _declared.get(slug, ())


def id_of(slug: str, key: str) -> UUID:
    """The id of such a rule, the same in every installation; a row with it holds what administrators made of it."""
    return uuid5(NAMESPACE_URL, f"quality:{slug}:{key}")
