"""An import in numbers: what would become of its rows, and what did."""

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.records.imports.compiled import Compiled
from rapport.engine.records.imports.merging import default_rule, rules_for
from rapport.engine.records.imports.staging import staged
from rapport.engine.records.models import Fate, ImportPlan, ImportRun
from rapport.engine.records.registry import RecordType

SHOWN_ROWS = 20


def fates(run: ImportRun) -> list[tuple[str, int]]:
    """How many rows would become what, in words."""
    counts = fate_counts(run)
    return [(label, counts.get(state, 0)) for state, label in fate_words().items()]


def fate_counts(run: ImportRun) -> dict[str, int]:
    rows = ImportPlan.objects.filter(run_id=run.pk).values_list("state")
    return dict(rows.annotate(count=Count("n")).order_by())


def fate_words() -> dict[str, str]:
    return {
        Fate.NEW: _("new"), Fate.UPDATE: _("fill blanks of records here"), Fate.CONFLICT: _("differ from records here"),
        Fate.SAME: _("same as records here"), Fate.LEFT_OUT: _("left out by the mode"),
        Fate.SKIPPED: _("left out by you"), Fate.BAD: _("refused"),
    }  # fmt: skip


def words_of(run: ImportRun) -> str:
    """`4 created, 2 changed, 1 same`"""
    counts = run.results.get("counts", {})
    words = {
        "created": _("created"), "changed": _("changed"), "same": _("already the same"),
        "left_out": _("left out"), "refused": _("refused at the end"),
    }  # fmt: skip
    parts = [f"{counts[name]:,} {word}" for name, word in words.items() if counts.get(name)]
    return ", ".join(parts) or _("nothing to do")


def done_words(run: ImportRun, rtype: RecordType) -> str:
    """`12 people were added.`"""
    counts = {name: count for name, count in run.results.get("counts", {}).items() if count}
    if counts.keys() != {"created"}:
        return _("Imported: %(words)s.") % {"words": words_of(run)}
    made = counts["created"]
    what = rtype.label if made == 1 else rtype.label_plural
    words = ngettext("%(count)s %(what)s was added.", "%(count)s %(what)s were added.", made)
    return words % {"count": f"{made:,}", "what": what}


def first_rows(run: ImportRun, compiled: Compiled) -> list[dict[str, Any]]:
    """The first rows as they came, in the columns that go somewhere, each with what would become of it."""
    fates = dict(ImportPlan.objects.filter(run_id=run.pk, n__lte=SHOWN_ROWS).values_list("n", "state"))
    return [
        {
            "n": n,
            "fate": fates.get(n, ""),
            "cells": [cells[one.index] if one.index < len(cells) else "" for one in compiled.columns],
        }
        for n, cells in staged(run, limit=SHOWN_ROWS)
    ]


def field_rules(run: ImportRun, compiled: Compiled) -> list[dict[str, Any]]:
    """Fields in which rows meet records that are here: how many would fill, how many differ, and the rule."""
    tally = run.found.get("fields", {})
    rows = []
    for slug, to in compiled.fields.items():
        fills, differs = tally.get(f"fills:{slug}", 0), tally.get(f"differs:{slug}", 0)
        if fills or differs:
            rule = run.rule(slug, default_rule(run, to))
            rows.append(
                {
                    "slug": slug,
                    "label": to.label,
                    "fills": fills,
                    "differs": differs,
                    "rule": rule,
                    "rules": rules_for(to),
                }
            )
    return rows
