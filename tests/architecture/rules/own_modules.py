"""A room's own modules stand between its events and its models: they know nouns, never verbs, doors or listeners."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.architecture.framework import Violation
from tests.architecture.layers import containers, layers
from tests.architecture.repository import Source

UNORDERED = {"apps", "__init__", "tests", "migrations"}


def find(source: Source) -> Iterator[Violation]:
    if not source.is_product or f"rapport.{source.room}" not in containers("furniture"):
        return
    furniture = {name for layer in layers("furniture") for name in layer}
    if PurePosixPath(source.inside_room[0]).stem in furniture | UNORDERED:
        return
    for node in ast.walk(source.tree):
        for module in _imported(node):
            package, _, rest = module.partition(f"rapport.{source.room}.")
            piece = rest.partition(".")[0]
            if not package and piece in furniture - {"models"}:
                yield Violation(source.path, node.lineno, f"an own module imports {piece}")


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


GOOD = (
    Source(
        "rapport/customers/names.py", "from rapport.customers.models import Person\nimport rapport.customers.text\n"
    ),
    Source("rapport/customers/views/merge.py", "from rapport.customers.actions import merge\n"),
    Source("rapport/engine/records/gate.py", "from rapport.engine.records.actions import create\n"),
)
BAD = (
    Source("rapport/customers/names.py", "from rapport.customers.actions import merge\n"),
    Source("rapport/customers/names.py", "from rapport.customers import views\n"),
    Source("rapport/activities/text/mentions.py", "import rapport.activities.reactions.bell\n"),
)
