"""Checking every row before anything is written: read, match, note what is wrong and what would become of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.imports.compiled import ROW, Compiled, compile_run
from rapport.engine.records.imports.doubles import settle_doubles
from rapport.engine.records.imports.kept import Keeper
from rapport.engine.records.imports.matching import find_rows, unique_troubles, within_change
from rapport.engine.records.imports.merging import compare, completed, merged
from rapport.engine.records.imports.pointers import Pointers
from rapport.engine.records.imports.portions import PORTION, check_rest, check_some, lay_out
from rapport.engine.records.imports.rows import Problem, Read, complete_new, judge_change, needs, read_row
from rapport.engine.records.imports.selfrelations import check_self_relations
from rapport.engine.records.imports.staging import staged, staged_between, staged_rows
from rapport.engine.records.models import Fate, ImportPlan, ImportProblem, ImportRun
from rapport.engine.records.registry import RecordType

CHUNK = 2_000
SAMPLE = 1_000
PLAN = "COPY import_plan (run_id, n, state, key, match, values) FROM STDIN"
PROBLEMS = "COPY import_problem (run_id, n, col, code, value, message) FROM STDIN"
Report = Callable[[int], None]


def sample_of(run: ImportRun) -> list[list[str]]:
    """The first rows, by which dates, numbers and columns are judged."""
    return [cells for _n, cells in staged(run, limit=SAMPLE)]


def check(run: ImportRun, actor: Actor, rtype: RecordType, report: Report) -> None:
    """Check all rows, anew each time. Raises ImportRefused for a mapping that does not hold."""
    # A job, whose module has to know all about imports.
    from rapport.engine.records.imports.helping import call_for_help

    round_ = lay_out(run)
    ImportProblem.objects.filter(run_id=run.pk).delete()
    ImportPlan.objects.filter(run_id=run.pk).delete()
    run.found = {key: value for key, value in run.found.items() if key != "new_options"}
    checker = Checker(run, actor, rtype)
    if run.rows > PORTION and not checker.makes_options:
        call_for_help(run, round_)
    check_some(round_, checker.check_rows, report)
    _finish(run, checker.compiled, check_rest(round_, checker.check_rows))


class Checker:
    """Checks portions of a run, in this process."""

    def __init__(self, run: ImportRun, actor: Actor, rtype: RecordType) -> None:
        self._run = run
        self.compiled = compile_run(run, actor, rtype, sample_of(run))
        self._pointers = Pointers(actor)

    @property
    def makes_options(self) -> bool:
        """Whether new choices are named as they come: two processes would give two of them the same name."""
        return any(
            one.kind in ("choice", "choices")
            and (one.place.field in self.compiled.new_fields or one.mends.get("choice") == "create")
            for one in self.compiled.columns
        )

    def check_rows(self, first: int, last: int) -> Counter[str]:
        """Check the rows between two numbers. Returns how often each field of known records would be changed."""
        tally: Counter[str] = Counter()
        for chunk in staged_between(self._run, first, last, limit=CHUNK):
            _check_chunk(self._run, self.compiled, self._pointers, chunk, tally)
        return tally


def check_again(run: ImportRun, actor: Actor, rtype: RecordType, numbers: Sequence[int]) -> None:
    """Check some rows again, after a mend; and which rows are doubles, because that may have changed."""
    again = (
        set(numbers)
        | set(ImportProblem.objects.filter(run_id=run.pk, code="duplicate").values_list("n", flat=True))
        | set(ImportPlan.objects.filter(run_id=run.pk, state=Fate.SKIPPED).values_list("n", flat=True))
    )
    compiled = compile_run(run, actor, rtype, sample_of(run))
    pointers, ordered = Pointers(actor), sorted(again)
    tally: Counter[str] = Counter(run.found.get("fields", {}))
    for start in range(0, len(ordered), CHUNK):
        some = ordered[start : start + CHUNK]
        ImportProblem.objects.filter(run_id=run.pk, n__in=some).delete()
        ImportPlan.objects.filter(run_id=run.pk, n__in=some).delete()
        _check_chunk(run, compiled, pointers, staged_rows(run, some), tally)
    _finish(run, compiled, tally)


def _check_chunk(
    run: ImportRun, compiled: Compiled, pointers: Pointers, chunk: Sequence[tuple[int, list[str]]], tally: Counter[str]
) -> None:
    foresee(compiled, pointers, [cells for _n, cells in chunk])
    rows = [read_row(compiled, pointers, n, cells) for n, cells in chunk]
    found = find_rows(compiled, rows)
    fates = _fates(run, compiled, rows, found, tally)
    # Written out before: while a COPY goes on, its connection answers nothing else.
    plans = []
    of_run, keeper = str(run.pk), Keeper(compiled)
    for row in rows:
        record = found.get(row.key or "")
        match = str(record.pk) if record else None
        plans.append((of_run, row.n, fates[row.n], row.key, match, keeper.as_json(row)))
    wrong = [problem for row in rows for problem in row.problems]
    with transaction.atomic(), connection.cursor() as cursor:
        with cursor.copy(PLAN) as copy:
            for plan in plans:
                copy.write_row(plan)
        with cursor.copy(PROBLEMS) as copy:
            for one in wrong:
                copy.write_row((of_run, one.n, one.col, one.code, one.value.replace("\0", ""), one.message))


def foresee(compiled: Compiled, pointers: Pointers, rows: Sequence[Sequence[str]]) -> None:
    """Look up all that relations name, once for the chunk."""
    for column in compiled.columns:
        if column.kind == "relation" and column.place.field:
            texts = {row[column.index].strip() for row in rows if column.index < len(row)}
            pointers.foresee(column.place.field, {column.mapped.get(text, text) for text in texts})


def _fates(
    run: ImportRun, compiled: Compiled, rows: Sequence[Read], found: dict[str, Any], tally: Counter[str]
) -> dict[int, str]:
    links = compiled.links(list(found.values()))
    changeable = within_change(compiled, found.values())
    required, defaults = needs(compiled)
    by_number = {row.n: row for row in rows}
    for n, (field, value) in unique_troubles(compiled, rows, found).items():
        row = by_number[n]
        message = _("“%(label)s” must be unique, and another record or row has this value.") % {"label": field.label}
        row.problems.append(Problem(n, compiled.column_of(field.slug), "unique", value[:300], message))
    fates = {}
    for row in rows:
        record = found.get(row.key or "")
        if record is None and compiled.mode != "update" and not row.is_skipped:
            complete_new(compiled, row, required, defaults)
        if record is not None and record.pk not in changeable and compiled.mode != "create":
            message = _("This record is there, but your role does not let you change it.")
            row.problems.append(Problem(row.n, ROW, "reach", "", message))
        if record is not None and compiled.judge and compiled.mode != "create":
            values = completed(compiled, record, merged(run, compiled, record, links, row))
            judge_change(compiled, row, record, values, links)
        fates[row.n] = _fate(compiled, row, record, links, tally)
    return fates


def _fate(compiled: Compiled, row: Read, record: Any, links: Any, tally: Counter[str]) -> str:
    if row.is_skipped:
        row.problems = []
        return Fate.SKIPPED
    if row.problems:
        return Fate.BAD
    if record is None:
        return Fate.LEFT_OUT if compiled.mode == "update" else Fate.NEW
    if compiled.mode == "create":
        return Fate.LEFT_OUT
    difference = compare(compiled, record, links, row)
    tally.update(f"fills:{slug}" for slug in difference.fills)
    tally.update(f"differs:{slug}" for slug in difference.differs)
    return difference.fate


def _finish(run: ImportRun, compiled: Compiled, tally: Counter[str]) -> None:
    check_self_relations(run, compiled)
    settle_doubles(run, compiled)
    run.found = {**run.found, "new_options": compiled.new_options, "fields": dict(tally)}
    run.save(update_fields=["found", "mends", "columns"])
