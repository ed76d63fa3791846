"""Fields of a record that rows of another table keep, such as the company of a person in the primary membership.

Whatever changes such a row, by whichever door, changes the record: its version rises, and the journal names the field.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from rapport.engine.events.models.journaled import Journaled

Link = tuple[UUID, str]
Image = Mapping[str, Any]
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """Rows of `table` keep the field `name` of `model`: `record` and `value` are columns, `when` says which rows count.

    At most one live row counts for each record.
    """

    model: type[Journaled]
    name: str
    table: type[Journaled]
    record: str
    value: str
    when: str

    def link(self, row: Journaled, was: Image) -> Link | None:
        """The record and the value that a row stands for; `was` holds columns as they were before."""
        record, value, counts = (
            was[name] if name in was else getattr(row, name) for name in (self.record, self.value, self.when)
        )
        if not (counts and record and value):
            return None
        return (record if isinstance(record, UUID) else UUID(record), str(value))

    def ties(self) -> "QuerySet[Journaled]":
        """The rows that count now."""
        rows: QuerySet[Journaled] = QuerySet(self.table)
        return rows.filter(**{self.when: True, "deleted_at": None})

    def values(self, records: Collection[UUID]) -> dict[UUID, str]:
        """What the field of each record holds now, as the journal writes it; nothing for an empty one."""
        found = self.ties().filter(**{f"{self.record}__in": records})
        return {record: str(value) for record, value in found.values_list(self.record, self.value)}

    def hold(self, records: Collection[UUID], made: "Made") -> "list[Journaled]":
        """Lock the records, but for those that the act has made itself: of them nobody knows yet."""
        known = [record for record in records if record not in made.newest]
        if not known:
            return []
        found: QuerySet[Journaled] = QuerySet(self.model).filter(pk__in=known).order_by("pk")
        return list(found.exclude(created_at=made.at).select_for_update(no_key=True))

    def hold_for(self, rows: Sequence[Journaled], made: "Made") -> None:
        """Lock the records of new rows before the rows."""
        self.hold({link[0] for row in rows if (link := self.link(row, {}))}, made)

    def hold_records_of(self, rows: Collection[UUID]) -> None:
        """Lock the records of some rows before the rows: whoever changes the record itself goes the same way."""
        held: QuerySet[Journaled] = QuerySet(self.table).filter(pk__in=rows)
        found: QuerySet[Journaled] = QuerySet(self.model).filter(pk__in=held.values(self.record)).order_by("pk")
        list(found.select_for_update(no_key=True).values_list("pk"))


@dataclass
class Made:
    """The records that an act has made: all at one moment, and the newest of them by their ids."""

    at: datetime
    newest: set[UUID] = field(default_factory=set)

    def note(self, rows: Sequence[Journaled]) -> None:
        """Remember rows of one table, if others keep a field of theirs."""
        if kept_fields(type(rows[0])):
            if len(self.newest) > MOST_REMEMBERED:
                self.newest.clear()
            self.newest.update(row.pk for row in rows)


keepings: dict[type[Journaled], Keeping] = {}


def keep(keeping: Keeping) -> None:
    """Have changes of a table count as changes of the records whose field it keeps."""
    if any(keeping.name in (one.name, one.attname) for one in keeping.model._meta.concrete_fields):
        raise ValueError(f"{keeping.model._meta.label} has a column {keeping.name!r} of its own.")
    keepings[keeping.table] = keeping


def kept_fields(model: type[Journaled]) -> dict[str, Keeping]:
    """The fields of a table's rows that are kept elsewhere, by name."""
    return {one.name: one for one in keepings.values() if one.model is model}


@dataclass
class Touched:
    """The kept fields that an act has changed and of which their records do not know yet."""

    _was: dict[Keeping, dict[UUID, str]] = field(default_factory=dict)
    _is: dict[Keeping, dict[UUID, str]] = field(default_factory=dict)

    def copy(self) -> "Touched":
        """As it is now, for when what follows is taken back."""
        was, now = ({keeping: dict(values) for keeping, values in side.items()} for side in (self._was, self._is))
        return Touched(was, now)

    def note(self, kind: str, rows: Sequence[Journaled], told: Sequence[Image]) -> None:
        """Rows of one table were created, changed, deleted or restored, with what was told of each."""
        keeping = keepings.get(type(rows[0]))
        if keeping is None:
            return
        for row, values in zip(rows, told, strict=True):
            was = values.get("before") or {}
            if kind == "deleted" or (kind == "changed" and not row.is_deleted):
                self._left(keeping, keeping.link(row, was))
            if kind != "deleted" and not row.is_deleted:
                self._came(keeping, keeping.link(row, {}))

    def take(self) -> Iterator[tuple[Keeping, dict[UUID, tuple[str | None, str | None]]]]:
        """Each kept field with its values before and after by record, and forget them."""
        was, now = self._was, self._is
        self._was, self._is = {}, {}
        for keeping in was.keys() | now.keys():
            left, came = was.get(keeping, {}), now.get(keeping, {})
            pairs = {record: (left.get(record), came.get(record)) for record in left.keys() | came.keys()}
            yield keeping, {record: pair for record, pair in pairs.items() if pair[0] != pair[1]}

    def _left(self, keeping: Keeping, link: Link | None) -> None:
        if link is None:
            return
        record, value = link
        came = self._is.setdefault(keeping, {})
        if came.get(record) == value:
            del came[record]
        else:
            self._was.setdefault(keeping, {}).setdefault(record, value)

    def _came(self, keeping: Keeping, link: Link | None) -> None:
        if link is not None:
            self._is.setdefault(keeping, {})[link[0]] = link[1]
