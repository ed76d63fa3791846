"""New rows of an import that look like a record that is there: said before they are made."""

from dataclasses import dataclass

from rapport.engine.events.actor import Actor
from rapport.engine.records.duplicates.similar import Similar, similar_among
from rapport.engine.records.imports.compiled import Compiled
from rapport.engine.records.imports.kept import Keeper
from rapport.engine.records.models import Fate, ImportPlan, ImportRun

LOOKED_AT = 200


@dataclass(frozen=True)
class AlikeRow:
    """A row by its number, what it is called, and the record that looks most like it."""

    n: int
    title: str
    similar: Similar


@dataclass(frozen=True)
class Alike:
    """The rows that were found among the first `looked_at` new ones of `new`."""

    rows: list[AlikeRow]
    looked_at: int
    new: int


def alike_rows(run: ImportRun, compiled: Compiled, actor: Actor) -> Alike:
    """Compare the first new rows with the records that the actor may see."""
    plans = ImportPlan.objects.filter(run_id=run.pk, state=Fate.NEW)
    keeper, rtype = Keeper(compiled), compiled.rtype
    first = list(plans.order_by("n").values_list("n", "values", "key")[:LOOKED_AT])
    rows = [keeper.from_json(n, text, key) for n, text, key in first]
    found = similar_among(actor, rtype, [row.values for row in rows]) if rows else []
    alike = [
        AlikeRow(row.n, str(row.values.get(rtype.title) or ""), similar[0])
        for row, similar in zip(rows, found, strict=True)
        if similar
    ]
    return Alike(alike, len(rows), plans.count())
