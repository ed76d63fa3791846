"""What a rule is: a module in rules/ that says why, finds violations in one file, and shows good and bad examples."""

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Protocol

from tests.architecture import rules
from tests.architecture.lists import exemptions
from tests.architecture.repository import Source


@dataclass(frozen=True)
class Violation:
    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Rule(Protocol):
    """The names that every module in rules/ defines; its docstring says why the rule exists."""

    GOOD: tuple[Source, ...]
    BAD: tuple[Source, ...]

    def find(self, source: Source) -> Iterable[Violation]: ...


@lru_cache(maxsize=1)
def all_rules() -> dict[str, ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules(rules.__path__))
    return {name: importlib.import_module(f"{rules.__name__}.{name}") for name in names}


def exempted_by(rule: str, violation: Violation, source: Source) -> int | None:
    """The place in allowed.txt of the exemption that covers this violation."""
    for number, exemption in enumerate(exemptions()):
        scope = source.scope_at(violation.line) if source.suffix == ".py" else ""
        if exemption.covers(rule, violation.path, scope):
            return number
    return None
