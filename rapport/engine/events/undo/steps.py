"""The steps of an undo: for each kind of change, what takes it back and what stands in the way."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError
from django.db.models import Q, QuerySet

from rapport.engine.events import tables
from rapport.engine.events.act import Act
from rapport.engine.events.images import Image, image, table_of, values_of
from rapport.engine.events.journal.erase import erased_among
from rapport.engine.events.keeping import Keeping, keepings, kept_fields
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.models.journaled import Journaled
from rapport.engine.events.undo.by_entry import are_lists, taken_back
from rapport.engine.events.undo.circles import AboveItself, await_turn, hierarchy_of, refuse_circle
from rapport.engine.events.undo.outcome import Conflict, Outcome, Why
from rapport.engine.events.undo.reach import out_of_reach
from rapport.engine.events.undo.references import in_use, touched_since

CHANGES = ("created", "changed", "deleted", "restored")
Pair = tuple[Journaled, JournalEntry]
Change = tuple[Journaled, JournalEntry, Image]
Deed = Callable[[Sequence[Change]], int]


def take_back(act: Act, entries: Sequence[JournalEntry], outcome: Outcome) -> None:
    """Undo entries that stand in order from the last to the first."""
    for run in _runs(entries):
        model = _model(run[0].about_type)
        rows = tables.lock(model, [entry.about_id for entry in run if entry.about_id])
        pairs = [(rows[entry.about_id], entry) for entry in run if entry.about_id in rows]
        bound = {row.pk for row, entry in pairs if not outcome.frees(entry)}
        pairs = _without(pairs, out_of_reach(act.actor, run[0].about_type, bound), "reach", outcome)
        pairs = _without(pairs, erased_among({row.pk for row, _entry in pairs}), "erased", outcome)
        if run[0].kind == "deleted":
            _bring_back_beside(act, model, pairs, outcome)
        pairs = _without(pairs, _holding_what_is_kept(model, pairs, outcome), "changed", outcome)
        if run[0].kind == "changed":
            _keep_fields_changed_since(model, pairs, outcome)
        STEPS[run[0].kind](act, pairs, outcome)


def _runs(entries: Sequence[JournalEntry]) -> Iterator[list[JournalEntry]]:
    """Neighbours of one kind on one table that touch each row once, so that each run is undone as a set."""
    run: list[JournalEntry] = []
    seen: set[UUID | None] = set()
    for entry in entries:
        same = run and (run[0].about_type, run[0].kind) == (entry.about_type, entry.kind)
        if run and (not same or entry.about_id in seen):
            yield run
            run, seen = [], set()
        run.append(entry)
        seen.add(entry.about_id)
    if run:
        yield run


def _model(about_type: str) -> type[Journaled]:
    app_label, _dot, name = table_of(about_type).partition(".")
    return cast(type[Journaled], apps.get_registered_model(app_label, name))


def _without(pairs: list[Pair], keys: Collection[UUID], why: Why, outcome: Outcome) -> list[Pair]:
    """Keep rows as they are, not even the deletion of one being undone."""
    for row, entry in pairs:
        if row.pk in keys:
            outcome.keep(_whole(row, entry, why))
    return [(row, entry) for row, entry in pairs if row.pk not in keys]


def _holding_what_is_kept(model: type[Journaled], pairs: list[Pair], outcome: Outcome) -> set[UUID]:
    """Rows that hold a field of a record which others have changed since: the field stays, and so do they."""
    keeping = keepings.get(model)
    if keeping is None:
        return set()
    return {row.pk for row, entry in pairs if _would_change_what_is_kept(keeping, row, entry, outcome)}


def _would_change_what_is_kept(keeping: Keeping, row: Journaled, entry: JournalEntry, outcome: Outcome) -> bool:
    """Whether a row would give a record another value of the field than others have given it since.

    Rows that count neither now nor when taken back say nothing of it.
    """
    is_live = not row.is_deleted
    now = keeping.link(row, {}) if is_live else None
    becomes = (
        keeping.link(row, entry.before) if (is_live and entry.kind == "changed") or entry.kind == "deleted" else None
    )
    told = [becomes] if outcome.frees(entry) else [now, becomes]
    return any(link is not None and outcome.is_kept(link[0], keeping.name) for link in told)


def _bring_back_beside(act: Act, model: type[Journaled], pairs: list[Pair], outcome: Outcome) -> None:
    """Deleted rows that go back whatever else was changed do not count any more where others have given the field."""
    keeping = keepings.get(model)
    if keeping is None:
        return
    freed = [(row, entry) for row, entry in pairs if row.is_deleted and outcome.frees(entry)]
    beside = [row for row, entry in freed if _would_change_what_is_kept(keeping, row, entry, outcome)]
    act.change(beside, **{keeping.when: False})


def _keep_fields_changed_since(model: type[Journaled], pairs: list[Pair], outcome: Outcome) -> None:
    """Note the fields kept in other tables that others have changed since; the rows there go back by themselves."""
    for name, keeping in kept_fields(model).items():
        told = [(row, entry) for row, entry in pairs if name in entry.after and not outcome.is_kept(row.pk, name)]
        now = keeping.values([row.pk for row, _entry in told]) if told else {}
        for row, entry in told:
            ours, theirs = entry.after[name], now.get(row.pk)
            if theirs != ours:
                outcome.keep(Conflict(entry.about_type, row.pk, name, ours, theirs))


def _delete_again(act: Act, pairs: list[Pair], outcome: Outcome) -> None:
    """A restored row has no image to compare with, so whatever others did to it since keeps it."""
    live = {row.pk: (row, entry) for row, entry in pairs if not row.is_deleted}
    if not live:
        return
    rows: QuerySet[Journaled] = QuerySet(type(pairs[0][0])).filter(_touched_since(act, live), pk__in=live)
    for key in rows.values_list("pk", flat=True):
        outcome.keep(_whole(*live.pop(key), "changed"))
    _delete_unless_used(act, live, outcome)


def _bring_back(act: Act, pairs: list[Pair], outcome: Outcome) -> None:
    ours: list[Change] = []
    for row, entry in pairs:
        # This undo itself has deleted it where the batch had restored it later on.
        if row.deleted_batch in (entry.batch, act.batch, *outcome.own_batches):
            ours.append((row, entry, {}))
        elif row.is_deleted:
            outcome.keep(_whole(row, entry, "deleted"))

    def restore(chunk: Sequence[Change]) -> int:
        return act.restore([row for row, _entry, _back in chunk])

    outcome.rows += _as_far_as_possible(act, ours, restore, outcome)


def _uncreate(act: Act, pairs: list[Pair], outcome: Outcome) -> None:
    untouched: dict[UUID, Pair] = {}
    for row, entry in pairs:
        if row.is_deleted or outcome.is_kept(row.pk):
            continue
        now, after = image(row), entry.after
        theirs = [name for name in now.keys() | after.keys() if after.get(name) != now.get(name)]
        for name in theirs:
            outcome.keep(Conflict(entry.about_type, row.pk, name, after.get(name), now.get(name)))
        if not theirs:
            untouched[row.pk] = (row, entry)
    _delete_unless_used(act, untouched, outcome)


def _put_back(act: Act, pairs: list[Pair], outcome: Outcome) -> None:
    changes: list[Change] = []
    for row, entry in pairs:
        if back := _columns_to_put_back(row, entry, outcome):
            changes.append((row, entry, back))

    outcome.rows += _as_far_as_possible(act, changes, _changing(act, changes), outcome)


def _changing(act: Act, changes: Sequence[Change]) -> Deed:
    """Puts values back. Where these move rows under others of their table, whoever else moves one waits for the end."""
    hierarchy = hierarchy_of(changes[0][1].about_type) if changes else None
    moves = await_turn(hierarchy, [back for _row, _entry, back in changes])

    def change(chunk: Sequence[Change]) -> int:
        count = act.change_each([(row, values_of(type(row), back)) for row, _entry, back in chunk])
        moved = [row for row, _entry, back in chunk if hierarchy and hierarchy.column in back]
        if hierarchy and moves and moved:
            refuse_circle(type(moved[0]), hierarchy, [row.pk for row in moved])
        return count

    return change


def _columns_to_put_back(row: Journaled, entry: JournalEntry, outcome: Outcome) -> Image:
    now, elsewhere = image(row), kept_fields(type(row))
    back: Image = {}
    for name, before in entry.before.items():
        ours, theirs = entry.after.get(name), now.get(name)
        if name in elsewhere or outcome.is_kept(row.pk, name):
            continue
        if theirs == ours and not outcome.keeps_keys(row.pk, name):
            back[name] = before
        elif name in row.journal_by_key:
            back[name] = _keys_to_put_back(row, entry, name, now.get(name) or {}, outcome)
        elif name in row.journal_by_entry and are_lists(before, ours, theirs):
            back[name] = _entries_to_put_back(row, entry, name, (before, ours, theirs), outcome)
        else:
            outcome.keep(Conflict(entry.about_type, row.pk, name, ours, theirs))
    return back


def _keys_to_put_back(row: Journaled, entry: JournalEntry, name: str, now: Image, outcome: Outcome) -> Image:
    """What others wrote under other keys since then stays; only the same key twice is a conflict."""
    was, ours = entry.before.get(name) or {}, entry.after.get(name) or {}
    back = dict(now)
    for key in sorted(key for key in was.keys() | ours.keys() if was.get(key) != ours.get(key)):
        place = f"{name}.{key}"
        if outcome.is_kept(row.pk, place):
            continue
        if now.get(key) != ours.get(key):
            told = (was.get(key), ours.get(key), now.get(key))
            if are_lists(*told):
                back[key] = _entries_to_put_back(row, entry, place, told, outcome)
            else:
                outcome.keep(Conflict(entry.about_type, row.pk, place, ours.get(key), now.get(key)))
        elif key in was:
            back[key] = was[key]
        else:
            back.pop(key, None)
    return back


def _entries_to_put_back(
    row: Journaled, entry: JournalEntry, place: str, told: Sequence[Any], outcome: Outcome
) -> list[Any]:
    """What others added to a list stays, and what they took out is gone; only the same entry twice is a conflict."""
    back, edited = taken_back(*told)
    for one in edited:
        outcome.keep(Conflict(entry.about_type, row.pk, f"{place}.{one.key}", [one.ours], [one.theirs]))
    return back


def _delete_unless_used(act: Act, rows: dict[UUID, Pair], outcome: Outcome) -> None:
    if not rows:
        return
    model = type(next(iter(rows.values()))[0])
    comers = _touched_since(act, rows) | Q(pk__in=outcome.kept_rows)
    for key in in_use(model, rows, comers=comers):
        outcome.keep(_whole(*rows.pop(key), "used"))
    outcome.rows += act.delete_held([row for row, _entry in rows.values()])


def _touched_since(act: Act, rows: Mapping[UUID, Pair]) -> Q:
    entries = [entry for _row, entry in rows.values()]
    return touched_since(min(entry.id for entry in entries), [entries[0].batch, act.batch])


def _as_far_as_possible(act: Act, changes: Sequence[Change], deed: Deed, outcome: Outcome) -> int:
    """Do it as a set; what is refused is tried again after the rest, and kept at last.

    A unique index or a reference refuses, or that a row would lie under itself.
    """
    total = 0
    while changes:
        count, refused = _try(act, changes, deed)
        total += count
        if len(refused) == len(changes):
            for (row, entry, _back), why in refused:
                outcome.keep(_whole(row, entry, why))
            break
        changes = [change for change, _why in refused]
    return total


def _try(act: Act, changes: Sequence[Change], deed: Deed) -> tuple[int, list[tuple[Change, Why]]]:
    """Halve the set until what is refused stands alone. Returns how many changes went through, and the others."""
    try:
        with act.attempt():
            return deed(changes), []
    except (IntegrityError, AboveItself) as error:
        if len(changes) == 1:
            return 0, [(changes[0], "circle" if isinstance(error, AboveItself) else "clash")]
    middle = len(changes) // 2
    first, refused_first = _try(act, changes[:middle], deed)
    second, refused_second = _try(act, changes[middle:], deed)
    return first + second, refused_first + refused_second


def _whole(row: Journaled, entry: JournalEntry, why: Why) -> Conflict:
    return Conflict(entry.about_type, row.pk, "", None, None, why)


STEPS: dict[str, Callable[[Act, list[Pair], Outcome], None]] = {
    "created": _uncreate,
    "changed": _put_back,
    "deleted": _bring_back,
    "restored": _delete_again,
}
