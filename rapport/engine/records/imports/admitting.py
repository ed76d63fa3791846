"""The gate at the way in: what is imported is also created, so a role must reach it by both verbs."""

from collections.abc import Sequence
from typing import Any

from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import Verb, require, require_created, require_new
from rapport.engine.records.imports.compiled import ROW, Compiled
from rapport.engine.records.imports.rows import Problem, Read

WAYS_IN: tuple[Verb, ...] = ("create", "import")


def admitted(
    compiled: Compiled, drafts: Sequence[tuple[Read, Any]], refused: list[Problem]
) -> tuple[list[Read], list[Any]]:
    """The rows whose unsaved records the gate lets be made, with these; to `refused` go the others."""
    rows, records = [], []
    for row, record in drafts:
        try:
            require(compiled.actor, compiled.rtype, "create")
            for verb in WAYS_IN:
                require_new(compiled.actor, compiled.rtype, record, verb)
        except NotAllowed as error:
            refused.append(Problem(row.n, ROW, "refused", "", str(error)))
        else:
            rows.append(row)
            records.append(record)
    return rows, records


def require_found(compiled: Compiled, records: Sequence[Any]) -> None:
    """Raise ValidationFailed where a filter of the gate does not find what was made."""
    try:
        for verb in WAYS_IN:
            require_created(compiled.actor, compiled.rtype, records, verb)
    except NotAllowed as error:
        raise ValidationFailed({"": str(error)}) from error
