"""The act: who changes what, in which batch, and the only way in which rows change."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.engine.events import tables
from rapport.engine.events.actor import Actor
from rapport.engine.events.columns import column_named
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.facts import Fact
from rapport.engine.events.ids import uuid7
from rapport.engine.events.images import Image, difference, image, names_of, type_name
from rapport.engine.events.journal import Entry, Subject, subjects_of, write
from rapport.engine.events.keeping import Made, Touched, keepings
from rapport.engine.events.models.journaled import Journaled
from rapport.engine.events.plain import plain

Row = TypeVar("Row", bound=Journaled)
Given = TypeVar("Given", bound="Journaled | Iterable[Journaled]")
Rows = Journaled | Iterable[Journaled]
Values = Mapping[str, Any]


class Act:
    """One deed of one actor. Every row it changes is noted with its values before and after."""

    def __init__(self, actor: Actor, *, batch: UUID, now: datetime, reason: str) -> None:
        self.actor = actor
        self.batch = batch
        self.now = now
        self.reason = reason
        self._entries: list[Entry] = []
        self._made = Made(now)
        self._touched = Touched()
        self._depth: int | None = _savepoints()

    def create(self, rows: Given) -> Given:
        """Insert one row or any number, a generator's too; the act stamps author and time. Returns what was given."""
        for chunk in tables.in_chunks(_listed(rows)):
            for row in chunk:
                row.created_at = row.changed_at = self.now
                row.created_by = row.changed_by = self.actor.user_id
                row.derive()
            for model, group in _by_model(chunk):
                self._require_open()
                if model in keepings:
                    keepings[model].hold_for(group, self._made)
                images = tables.insert(model, group)
                self._made.note(group)
                self._note("created", group, [{"after": after or None} for after in images])
        return rows

    def change(self, rows: Rows, **values: Any) -> int:
        """Set the same columns on one row, several or a queryset of any size. Returns how many rows changed.

        The row objects given are brought up to what the database then holds.
        """
        return sum(self._change_locked(locked, lambda _row: values) for locked in self._held(rows))

    def change_each(self, changes: Iterable[tuple[Journaled, Values]]) -> int:
        """Set other columns on each row; otherwise as `change`."""
        wanted: dict[UUID, dict[str, Any]] = {}
        rows = []
        for row, values in changes:
            rows.append(row)
            wanted.setdefault(row.pk, {}).update(values)
        return sum(self._change_locked(locked, lambda row: wanted[row.pk]) for locked in self._held(rows))

    def delete(self, rows: Rows) -> int:
        """Delete softly: the rows leave every list and unique index and can be restored. Returns how many did."""
        return sum(self.delete_held(locked) for locked in self._held(rows))

    def delete_held(self, rows: Sequence[Journaled]) -> int:
        """As `delete`, for rows of one table as they were read under this transaction's lock."""
        self._require_open()
        return self._mark(rows, deleted=True)

    def restore(self, rows: Rows) -> int:
        """Bring deleted rows back. Raises IntegrityError if another row has since taken what must be unique."""
        return sum(self._mark(locked, deleted=False) for locked in self._held(rows))

    def lock(self, rows: Given) -> Given:
        """Hold rows until the act ends and bring them up to date: what is then computed from them is no lost update."""
        for _locked in self._held(rows):
            pass
        return rows

    def happened(self, fact: Fact, subjects: Sequence[Subject] = ()) -> None:
        """Say that something happened, with whom else it is about."""
        self._require_open()
        entry = Entry(fact.kind, fact.about_type, fact.about_id, data=plain(fact.values()), subjects=list(subjects))
        self._entries.append(entry)

    def settle(self, rows: Iterable[Journaled] = ()) -> None:
        """Raise the versions of records of which other rows keep a field that changed; the objects given follow."""
        given = {row.pk: row for row in rows}
        for keeping, values in self._touched.take():
            for keys in tables.in_chunks(sorted(values)):
                touched = keeping.hold(keys, self._made)
                if not touched:
                    continue
                for row in touched:
                    self._stamp(row)
                tables.update(keeping.model, touched, changed=())
                pairs = [values[row.pk] for row in touched]
                told = [{"before": {keeping.name: was}, "after": {keeping.name: now}} for was, now in pairs]
                self._note("changed", touched, told)
                for row in touched:
                    tables.copy(row, given.get(row.pk, row))

    def flush(self) -> None:
        """Write down what has been noted so far."""
        self.settle()
        self._write()

    def _write(self) -> None:
        if self._entries:
            write(self, self._entries)
            self._entries = []

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A step that may fail alone: an exception takes back its rows and its entries, not those before it."""
        self._require_open()
        self._write()
        outside, self._depth = self._depth, None
        touched = self._touched.copy()
        try:
            with transaction.atomic():
                self._depth = _savepoints()
                yield
                self._write()
                # A reference that leads nowhere would otherwise be found at the end, when it fails everything.
                connection.check_constraints()
            touched = self._touched
        finally:
            self._depth = outside
            self._entries = []
            self._touched = touched

    def close(self) -> None:
        """Write down the rest; from here on the act can do nothing more."""
        self.flush()
        self._depth = None

    def _held(self, rows: Rows) -> Iterator[list[Journaled]]:
        """Rows as they stand now, one table at a time, locked; the objects given follow once a chunk is dealt with."""
        self._require_open()
        if isinstance(rows, QuerySet):
            yield from tables.lock_matching(rows)
            return
        for model, group in sorted(_by_model(_listed(rows)), key=lambda pair: type_name(pair[0])):
            by_key: dict[UUID, list[Journaled]] = {}
            for row in group:
                by_key.setdefault(row.pk, []).append(row)
            for keys in tables.in_chunks(sorted(by_key)):
                locked = tables.lock(model, keys)
                if missing := [key for key in keys if key not in locked]:
                    raise model.DoesNotExist(f"{model._meta.label} {missing[0]} does not exist.")
                yield list(locked.values())
                for key, current in locked.items():
                    for row in by_key[key]:
                        tables.copy(current, row)

    def _change_locked(self, rows: list[Journaled], values_for: Callable[[Journaled], Values]) -> int:
        touched: list[Journaled] = []
        told: list[Image] = []
        names: set[str] = set()
        for row in rows:
            before = image(row)
            unseen = _set(row, values_for(row))
            row.derive()
            was, becomes = difference(before, image(row))
            if becomes or unseen:
                self._stamp(row)
                touched.append(row)
                told.append(
                    {"before": was or None, "after": becomes or None, "data": {"unseen": unseen} if unseen else None}
                )
                names.update(becomes, unseen)
        if touched:
            tables.update(type(touched[0]), touched, changed=names)
            self._note("changed", touched, told)
        return len(touched)

    def _mark(self, rows: Sequence[Journaled], *, deleted: bool) -> int:
        marked = [row for row in rows if row.is_deleted != deleted]
        if not marked:
            return 0
        for row in marked:
            row.deleted_at, row.deleted_batch = (self.now, self.batch) if deleted else (None, None)
            self._stamp(row)
        tables.update(type(marked[0]), marked, changed={"deleted_at", "deleted_batch"})
        self._note("deleted" if deleted else "restored", marked, [{}] * len(marked))
        return len(marked)

    def _stamp(self, row: Journaled) -> None:
        row.version += 1
        row.changed_at, row.changed_by = self.now, self.actor.user_id

    def _note(self, kind: str, rows: Sequence[Journaled], told: Sequence[Image]) -> None:
        names = names_of(rows)
        about = _subjects(rows, names)
        for row, name, values in zip(rows, names, told, strict=True):
            self._entries.append(Entry(kind, name, row.pk, subjects=list(about.get(row.pk, ())), **values))
        self._touched.note(kind, rows, told)
        if len(self._entries) >= tables.CHUNK:
            self._write()

    def _require_open(self) -> None:
        """Entries must share the fate of the rows they tell of."""
        if self._depth is None:
            raise RuntimeError("This act is over. Open another one.")
        if self._depth != _savepoints():
            raise RuntimeError("A step of an act that may fail alone belongs in act.attempt(), not in a savepoint.")


@contextmanager
def open_act(
    actor: Actor, *, reason: str = "", batch: UUID | None = None, now: datetime | None = None
) -> Iterator[Act]:
    """Begin an act in a transaction of its own; on leaving, its entries are written and all of it commits.

    `batch` joins an earlier batch; without it a new one begins. An exception takes everything back. Raises NotAllowed
    for whoever only looks on.
    """
    if actor.onlooker is not None:
        raise NotAllowed(_("You only look on as %(user)s.") % {"user": actor.name})
    with transaction.atomic():
        act = Act(actor, batch=batch or uuid7(), now=now or timezone.now(), reason=reason)
        yield act
        act.close()


def _set(row: Journaled, values: Values) -> list[str]:
    """Set columns. Returns the names of those that changed but whose values the journal does not keep."""
    unseen = []
    for name, value in values.items():
        column = column_named(type(row), name)
        before = getattr(row, column.name)
        setattr(row, name, value)
        if not column.kept and getattr(row, column.name) != before:
            unseen.append(column.name)
    return unseen


def _subjects(rows: Sequence[Journaled], names: Sequence[str]) -> dict[UUID, list[Subject]]:
    """Whom else entries about these rows are about, asked once for each type."""
    found: dict[UUID, list[Subject]] = {}
    for name in set(names) & subjects_of.keys():
        found |= subjects_of[name]([row for row, own in zip(rows, names, strict=True) if own == name])
    return found


def _savepoints() -> int:
    return sum(1 for savepoint in connection.savepoint_ids if savepoint)


def _listed(rows: Rows) -> Iterable[Journaled]:
    return [rows] if isinstance(rows, Journaled) else rows


def _by_model(rows: Iterable[Row]) -> list[tuple[type[Row], list[Row]]]:
    groups: dict[type[Row], list[Row]] = {}
    for row in rows:
        groups.setdefault(type(row), []).append(row)
    return list(groups.items())
