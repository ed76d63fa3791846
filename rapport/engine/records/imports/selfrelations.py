"""Relations to records of the same type, such as a parent company: they may stand further down in the same file."""

from typing import Any

import orjson
from django.db.models import F
from django.utils.translation import gettext as _

from rapport.engine.records.folding import fold
from rapport.engine.records.imports.compiled import Compiled
from rapport.engine.records.imports.pointers import self_relation
from rapport.engine.records.models import Fate, ImportPlan, ImportProblem, ImportRun

CHUNK = 2_000


def self_slugs(compiled: Compiled) -> dict[str, int]:
    """The fields that point at records of the type itself, with their columns."""
    return {
        one.place.field.slug: one.index
        for one in compiled.columns
        if one.place.field and self_relation(compiled.rtype, one.place.field)
    }


def check_self_relations(run: ImportRun, compiled: Compiled) -> None:
    """Note the names that neither the house nor the file knows, unless they are to be made."""
    slugs = {slug: index for slug, index in self_slugs(compiled).items() if not _makes(compiled, index)}
    if not slugs:
        return
    wanted: dict[str, list[tuple[int, str, str]]] = {}
    for n, kept in _plans(run, named=True):
        for slug in slugs:
            if slug in kept["r"]:
                wanted.setdefault(fold(kept["r"][slug]), []).append((n, slug, kept["r"][slug]))
    if not wanted:
        return
    for _n, kept in _plans(run, named=False):
        wanted.pop(fold(str(kept["v"].get(compiled.rtype.title) or "")), None)
        wanted.pop(fold(kept.get("x", "")), None)
    for places in wanted.values():
        for n, slug, text in places:
            _note(run, n, slugs[slug], text, compiled.columns)


def _makes(compiled: Compiled, index: int) -> bool:
    return any(one.index == index and one.create for one in compiled.columns)


def _note(run: ImportRun, n: int, col: int, text: str, columns: Any) -> None:
    mend = next(one.mends.get("relation") for one in columns if one.index == col)
    if mend == "empty":
        return
    if mend != "skip":
        message = _("“%(name)s” is neither here nor in this file.") % {"name": text[:80]}
        ImportProblem.objects.create(run_id=run.pk, n=n, col=col, code="relation", value=text[:300], message=message)
    ImportPlan.objects.filter(run_id=run.pk, n=n).update(state=Fate.SKIPPED if mend == "skip" else Fate.BAD)


def _plans(run: ImportRun, *, named: bool) -> Any:
    """Rows with their kept values; `named` only those that name a record that was not found."""
    rows = ImportPlan.objects.filter(run_id=run.pk, state__in=Fate.WRITTEN).annotate(kept=F("values"))
    if named:
        rows = rows.filter(values__contains='"r":')
    for n, text in rows.order_by("n").values_list("n", "kept").iterator(CHUNK):
        kept = orjson.loads(text)
        if not named or "r" in kept:
            yield n, kept
