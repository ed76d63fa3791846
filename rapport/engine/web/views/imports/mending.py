"""The third step: what is wrong, by kind, with one click for each kind; and a grid for single cells."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.engine.records.imports import doors, problems
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.staging import set_cell, staged_rows
from rapport.engine.records.imports.summary import fate_counts
from rapport.engine.records.models import Fate, ImportRun
from rapport.engine.web.views.imports.finding import State, find_import, frame, step_url
from rapport.engine.web.views.toasts import warn

GRID_ROWS = 50
MOST_SHOWN = 12  # columns
FIRST_VALUES = 12


@require_http_methods(["GET", "HEAD", "POST"])
def check_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """GET shows the groups; POST mends one of them."""
    run, rtype = find_import(request, key)
    if run.state == State.CHECKED and request.method == "POST":
        _mend(request, run)
        return redirect("web:import-check", run.pk)
    if run.state not in (State.CHECKED, State.CHECKING):
        return redirect(step_url(run))
    context = frame(run, rtype, "check")
    if run.state == State.CHECKED:
        counts = fate_counts(run)
        context |= {
            "groups": problems.groups(run, doors.compiled_of(run)),
            "refused": counts.get(Fate.BAD, 0),
            "good": sum(counts.get(state, 0) for state in Fate.WRITTEN),
            "mended": len(run.mends) + sum(len(column.get("values", {})) for column in run.columns),
            "first": FIRST_VALUES,
            "labels": {
                "empty": _("Empty the cells"), "skip": _("Leave the rows out"), "create": _("Create them"),
                "later": _("Keep the later row"), "first": _("Keep the first row"), "merge": _("Merge them"),
            },
        }  # fmt: skip
    return render(request, "web/imports/check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def grid_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """Rows with problems, cell by cell; POST writes what was changed and checks those rows again."""
    run, rtype = find_import(request, key)
    if run.state != State.CHECKED:
        return redirect(step_url(run))
    group = request.GET.get("group", "")
    try:
        after = int(request.GET.get("after", "0"))
    except ValueError:
        after = 0
    if request.method == "POST":
        _write_cells(request, run)
        return redirect(request.get_full_path())
    try:
        numbers = problems.problem_rows(run, group, after=after, limit=GRID_ROWS + 1)
    except ImportRefused:
        return redirect("web:import-check", run.pk)
    context = {**frame(run, rtype, "check"), **_grid(run, numbers[:GRID_ROWS])}
    more = numbers[GRID_ROWS - 1] if len(numbers) > GRID_ROWS else None
    context["next_url"] = f"?group={group}&after={more}" if more else None
    context["back_url"] = reverse("web:import-check", args=[run.pk])
    return render(request, "web/imports/grid.html", context)


def _grid(run: ImportRun, numbers: list[int]) -> dict[str, Any]:
    found = problems.problems_of(run, numbers)
    shown = sorted({one.col for some in found.values() for one in some if one.col >= 0})
    going = [index for index, column in enumerate(run.columns) if column.get("to") and index not in shown]
    columns = sorted([*shown, *going][:MOST_SHOWN])
    rows = []
    for n, cells in staged_rows(run, numbers):
        wrong = {one.col: one.message for one in found.get(n, [])}
        rows.append(
            {
                "n": n,
                "message": wrong.get(-1, ""),
                "cells": [
                    {"index": col, "text": cells[col] if col < len(cells) else "", "problem": wrong.get(col, "")}
                    for col in columns
                ],
            }
        )
    return {"rows": rows, "names": [run.header[col] for col in columns]}


def _mend(request: HttpRequest, run: ImportRun) -> None:
    sent = request.POST
    try:
        compiled = doors.compiled_of(run)
        if "again" in sent:
            run.mends = {}
            run.columns = [{**column, "values": {}} for column in run.columns]
            doors.map_columns(run, run.columns, {})
            doors.start_check(run)
            return
        key, do = sent.get("group", ""), sent.get("do", "")
        with transaction.atomic():
            if do == "map":
                texts = zip(sent.getlist("text"), sent.getlist("becomes"), strict=False)
                numbers = problems.map_values(run, compiled, key, dict(texts))
            else:
                numbers = problems.mend_group(run, compiled, key, do)
            doors.check_rows(run, numbers)
    except ImportRefused as refused:
        warn(request, str(refused))


def _write_cells(request: HttpRequest, run: ImportRun) -> None:
    """Cells are named `cell.<row>.<column>`, with `was.…` beside them; only what was changed is written."""
    touched: set[int] = set()
    try:
        with transaction.atomic():
            for name, text in request.POST.items():
                parts = name.split(".")
                if len(parts) != 3 or parts[0] != "cell" or not (parts[1].isdigit() and parts[2].isdigit()):
                    continue
                n, column = int(parts[1]), int(parts[2])
                is_here = column < len(run.header) and 0 < n <= run.rows
                if is_here and text != request.POST.get(f"was.{n}.{column}", ""):
                    set_cell(run, n, column, str(text).replace("\0", ""))
                    touched.add(n)
            doors.check_rows(run, sorted(touched))
    except ImportRefused as refused:
        warn(request, str(refused))
