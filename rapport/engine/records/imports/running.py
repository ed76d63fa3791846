"""Running: slice by slice, each committed with how far it came, so that a killed run goes on without doubles."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.facts import Fact
from rapport.engine.records.imports.checking import sample_of
from rapport.engine.records.imports.compiled import Compiled, compile_run
from rapport.engine.records.imports.kept import Keeper
from rapport.engine.records.imports.making import made, make_definitions
from rapport.engine.records.imports.rows import Problem, Read
from rapport.engine.records.imports.selfrelations import self_slugs
from rapport.engine.records.imports.writing import Outcome, Writer
from rapport.engine.records.models import Fate, ImportPlan, ImportProblem, ImportRun
from rapport.engine.records.registry import RecordType

SLICE = 2_000
MARK = """
UPDATE import_plan AS p SET record = s.record FROM unnest(%s::bigint[], %s::uuid[]) AS s(n, record)
WHERE p.run_id = %s AND p.n = s.n
"""

Report = Callable[[int], None]


@dataclass(frozen=True)
class Imported(Fact, kind="records.imported", about="records.import"):
    """A file was imported, with what came of its rows."""

    run: UUID
    record_type: str
    file: str
    counts: dict[str, int]


class Ended(Exception):
    """The run is paused or cancelled, or another worker has it."""


def run_slices(run: ImportRun, actor: Actor, rtype: RecordType, report: Report) -> None:
    """Run from the last slice that was committed to the end, or until somebody pauses or cancels it."""
    try:
        if not run.results.get("prepared"):
            with open_act(actor, reason=_reason(run), batch=run.batch) as act:
                _hold(run)
                make_definitions(act, run, rtype)
                run.results["prepared"] = True
                run.save(update_fields=["results"])
        made(run, rtype)
        compiled = compile_run(run, actor, rtype, sample_of(run))
        writer = Writer(run, compiled)
        slices, points_at_own = Slices(run, Keeper(compiled)), bool(self_slugs(compiled))
        while rows := slices.next():
            _run_slice(run, actor, writer, rows, slices.prepare, points_at_own=points_at_own)
            report(run.done)
        _point_at_own(run, actor, writer, compiled)
        _finish(run, actor)
    except _Asked as asked:
        _end(run, asked.state)
    except Ended:
        return


def _end(run: ImportRun, state: str) -> None:
    """Pause, or end with what is written so far; both can be undone."""
    finished = timezone.now() if state == ImportRun.State.CANCELLED else None
    ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING).update(
        state=state, wish="", finished_at=finished
    )


class Slices:
    """The rows that are to be written, in order. What comes after a slice is read before it, and decoded meanwhile."""

    def __init__(self, run: ImportRun, keeper: Keeper) -> None:
        self._keeper = keeper
        self._plans = _planned(run)
        self._read: list[Any] = next(self._plans, [])
        self._ready: deque[list[Read]] = deque()

    def next(self) -> list[Read]:
        """The next slice, without rows when there is none."""
        self.prepare()
        rows = self._ready.popleft() if self._ready else []
        if not self._ready:
            self._read = next(self._plans, [])
        return rows

    def prepare(self) -> None:
        """Decode what was read. A slice ends before a row that means the same record as an earlier one."""
        rows: list[Read] = []
        seen: set[str] = set()
        for n, text, key, match in self._read:
            marks = {str(one) for one in (key, match) if one}
            if not marks.isdisjoint(seen):
                self._ready.append(rows)
                rows, seen = [], set()
            seen |= marks
            rows.append(self._keeper.from_json(n, text, key))
        if rows:
            self._ready.append(rows)
        self._read = []


def _planned(run: ImportRun) -> Iterator[list[Any]]:
    """The plan, some rows at a time; both ends are named because without statistics the planner cannot guess one."""
    for first in range(run.done + 1, run.rows + 1, SLICE):
        plans = ImportPlan.objects.filter(run_id=run.pk, n__range=(first, first + SLICE - 1), state__in=Fate.WRITTEN)
        if some := list(plans.order_by("n").values_list("n", "values", "key", "match")):
            yield some


def _run_slice(
    run: ImportRun,
    actor: Actor,
    writer: Writer,
    rows: list[Read],
    meanwhile: Callable[[], None],
    *,
    points_at_own: bool,
) -> None:
    with open_act(actor, reason=_reason(run), batch=run.batch) as act:
        _commit_without_waiting()
        _hold(run)
        outcome = writer.write(act, rows, meanwhile)
        _note(run, outcome)
        if points_at_own:
            _mark(run, outcome, rows)
        run.done = rows[-1].n
        run.save(update_fields=["done", "results"])


def _commit_without_waiting() -> None:
    """Go on while the disk writes: should the database fall before that, the slice is gone whole, and is done again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def _hold(run: ImportRun) -> None:
    """Lock the run's row. Raises Ended when it is no longer ours to go on with."""
    now = ImportRun.objects.select_for_update().get(pk=run.pk)
    if now.state != ImportRun.State.RUNNING or now.done != run.done:
        raise Ended
    if now.wish in (ImportRun.State.PAUSED, ImportRun.State.CANCELLED):
        raise _Asked(now.wish)


class _Asked(Ended):
    """Somebody asked for a pause or the end."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def _note(run: ImportRun, outcome: Outcome) -> None:
    counts = Counter(run.results.get("counts", {}))
    counts.update(outcome.counts())
    run.results["counts"] = dict(counts)
    _keep_problems(run, outcome.refused)


def _keep_problems(run: ImportRun, problems: Sequence[Problem]) -> None:
    ImportProblem.objects.bulk_create(
        ImportProblem(run_id=run.pk, n=one.n, col=one.col, code=one.code, value=one.value, message=one.message)
        for one in problems
    )


def _mark(run: ImportRun, outcome: Outcome, rows: list[Read]) -> None:
    """Remember the records of rows that name others: those of their own type are looked for when all are in."""
    numbers = [row.n for row in rows if row.named and row.n in outcome.records]
    with connection.cursor() as cursor:
        cursor.execute(MARK, [numbers, [outcome.records[n].pk for n in numbers], run.pk])


def _point_at_own(run: ImportRun, actor: Actor, writer: Writer, compiled: Compiled) -> None:
    """When all rows are in, those that name others of their own type are pointed at them; again by slices."""
    slugs = self_slugs(compiled)
    while slugs:
        last = run.results.get("pointed", 0)
        plans = ImportPlan.objects.filter(run_id=run.pk, n__gt=last, record__isnull=False, values__contains='"r":')
        found = list(plans.order_by("n").values_list("n", "record", "values")[:SLICE])
        if not found:
            return
        with open_act(actor, reason=_reason(run), batch=run.batch) as act:
            _hold(run)
            _keep_problems(run, writer.point_at_own(act, _named(compiled, found)))
            run.results["pointed"] = found[-1][0]
            run.save(update_fields=["results"])


def _named(compiled: Compiled, found: list[tuple[int, UUID | None, str]]) -> list[tuple[Read, Any]]:
    """The rows that name others, with their records, but for those deleted meanwhile."""
    keeper = Keeper(compiled)
    rows = compiled.rtype.rows().filter(pk__in=[key for _n, key, _text in found if key], deleted_at=None)
    records = {row.pk: row for row in rows}
    return [(keeper.from_json(n, text, None), records[key]) for n, key, text in found if key in records]


def _finish(run: ImportRun, actor: Actor) -> None:
    counts = dict(run.results.get("counts", {}))
    with open_act(actor, reason=_reason(run), batch=run.batch) as act:
        _hold(run)
        act.happened(Imported(run.pk, run.record_type, run.name, counts))
        run.state, run.finished_at = ImportRun.State.DONE, timezone.now()
        run.save(update_fields=["state", "finished_at"])


def _reason(run: ImportRun) -> str:
    return _("Import of %(name)s") % {"name": run.name}
