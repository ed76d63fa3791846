"""The two lists that people keep: tables that need no act, and exceptions to the rules with their reasons."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.apps import apps

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Machinery:
    """A table written without an act: `app.Model`, or `table:name` where Django has no model for it."""

    label: str
    owner: str
    retention: str

    @property
    def model(self) -> str:
        return "" if self.label.startswith("table:") else self.label.partition(".")[2]

    @property
    def table(self) -> str:
        return apps.get_model(self.label)._meta.db_table if self.model else self.label.removeprefix("table:")


@dataclass(frozen=True)
class Exemption:
    """One place that a rule leaves alone: a path, with `::scope` for one class or function in it."""

    rule: str
    place: str
    reason: str

    def covers(self, rule: str, path: str, scope: str) -> bool:
        wanted_path, _, wanted_scope = self.place.partition("::")
        if (rule, path) != (self.rule, wanted_path):
            return False
        return not wanted_scope or f"{scope}.".startswith(f"{wanted_scope}.")


def rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines if line.strip() and not line.startswith("#")]


@lru_cache(maxsize=1)
def machinery() -> tuple[Machinery, ...]:
    return tuple(Machinery(*row) for row in rows("machinery.txt"))


@lru_cache(maxsize=1)
def exemptions() -> tuple[Exemption, ...]:
    return tuple(Exemption(*row) for row in rows("allowed.txt"))


def owns_model(room: str, model: str) -> bool:
    return any(entry.owner == room and entry.model == model for entry in machinery() if model)


def owns_table(room: str, table: str) -> bool:
    return any(entry.owner == room and entry.table == table for entry in machinery())
