"""Writing a batch in waves: items that have nothing in common are written as one set, the others one after another."""

from collections.abc import Hashable
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.utils.translation import gettext as _

from rapport.engine.api.batch.asking import Asked
from rapport.engine.api.batch.items import Item, Result
from rapport.engine.api.batch.matching import ByExternalId
from rapport.engine.api.batch.reading import Reader, parts_of
from rapport.engine.api.conflicts import clashes_shown, conflict_errors
from rapport.engine.api.problems import field_errors
from rapport.engine.events.act import Act
from rapport.engine.events.turns import take_turns
from rapport.engine.records.actions import (
    clashes_seen,
    insert_records,
    update_records,
    values_of_change,
    values_of_new,
)
from rapport.engine.records.errors import EditConflict, ValidationFailed
from rapport.engine.records.fields.entries import Entries
from rapport.engine.records.gate import visible, within_reach
from rapport.engine.records.models import ExternalId
from rapport.engine.records.queries.sharing import sharing
from rapport.engine.records.reading import reading_for
from rapport.engine.records.refusals import is_refusal, reason_of
from rapport.engine.records.registry import RecordType


class Writer:
    """One batch: its items, what became of them, and the act in which they are written."""

    def __init__(self, act: Act, rtype: RecordType, asked: Asked) -> None:
        self._act = act
        self._actor = act.actor
        self._rtype = rtype
        self._asked = asked
        self._results: dict[int, Result] = {}

    def write(self) -> list[Result]:
        """Write every item that can be written. The results stand in the order of the items."""
        if self._asked.mode == "upsert":
            self._take_turns()
        pending = Reader(self._actor, self._rtype, self._asked).read(self._results)
        while pending:
            wave, pending = _apart(pending)
            wave, again = self._matched(wave)
            pending = sorted([*again, *pending], key=lambda item: item.index)
            self._write_wave([item for item in wave if self._is_ready(item)])
        return [self._results[index] for index in range(len(self._asked.items))]

    def _take_turns(self) -> None:
        """Two upserts at once would both miss what the other one creates."""
        take_turns(f"upsert {self._rtype.slug}")

    def _matched(self, wave: list[Item]) -> tuple[list[Item], list[Item]]:
        """Items with the records that they mean, locked; and those whose record another item of the wave has taken."""
        matcher = self._asked.matcher
        if matcher is None:
            return wave, []
        found = matcher.find(self._actor, self._rtype, {key for item in wave for key in item.keys})
        wanted = {key for keys in found.values() for key in keys}
        rows = visible(self._actor, self._rtype).filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",))
        by_key = {row.pk: row for row in rows}
        now, later, taken = list[Item](), list[Item](), set[UUID]()
        for item in wave:
            meant = [key for one in item.keys for key in found.get(one, ()) if key in by_key]
            if meant and meant[0] in taken:
                later.append(item)
                continue
            if meant:
                item.row = by_key[meant[0]]
                item.was_version = item.row.version
                taken.add(meant[0])
            elif isinstance(matcher, ByExternalId) and any(key in found for key in item.keys):
                self._refuse(item, _("This external id belongs to a record that was deleted or is not for you to see."))
                continue
            now.append(item)
        return now, later

    def _is_ready(self, item: Item) -> bool:
        """Whether the values of an item can be written; else its result says why."""
        if item.index in self._results:
            return False
        if item.row is None and self._must_exist(item):
            self._refuse(item, _("There is no such record to change."))
            return False
        try:
            reading = reading_for(self._actor)
            if item.row is None:
                item.values = values_of_new(self._rtype, item.values, reading)
            else:
                self._refuse_immutable(item)
                base = item.base_version
                item.values = values_of_change(self._rtype, item.row, item.values, reading, base_version=base)
        except ValidationFailed as error:
            self._results[item.index] = Result("error", errors=field_errors(error, item.pointer))
        except EditConflict as error:
            errors = conflict_errors(self._actor, self._rtype, error, item.pointer)
            self._results[item.index] = Result("conflict", item.row.pk, error.version, errors)
        return item.index not in self._results

    def _must_exist(self, item: Item) -> bool:
        return self._asked.mode == "update" or (bool(item.keys) and isinstance(item.keys[0], UUID))

    def _refuse_immutable(self, item: Item) -> None:
        fixed = [one for one in self._rtype.all_fields() if one.immutable and one.slug in item.values]
        if errors := {one.slug: _("“%(label)s” cannot be changed by hand.") % {"label": one.label} for one in fixed}:
            raise ValidationFailed(errors)

    def _write_wave(self, wave: list[Item]) -> None:
        """Write as one set; if the database refuses it, one by one, so that only the culprits are refused."""
        wave = self._within_reach(self._without_clashes(wave))
        if not wave:
            return
        try:
            self._apply(wave)
        except (DatabaseError, ValidationFailed) as error:
            if not is_refusal(error):
                raise
            self._one_by_one(wave)
        for item in wave:
            if item.index not in self._results:
                self._results[item.index] = self._outcome(item)

    def _one_by_one(self, wave: list[Item]) -> None:
        for item in wave:
            try:
                self._apply([item])
            except ValidationFailed as error:
                self._results[item.index] = Result("error", errors=field_errors(error, item.pointer))
            except DatabaseError as error:
                if not is_refusal(error):
                    raise
                self._refuse(item, reason_of(error))

    def _apply(self, wave: list[Item]) -> None:
        new = [item for item in wave if item.was_version is None]
        with self._act.attempt():
            rows = insert_records(self._act, self._rtype, [item.values for item in new])
            for item, row in zip(new, rows, strict=True):
                item.row = row
            self._name_outside(new)
            changes = [(item.row, item.values) for item in wave if item.was_version is not None]
            update_records(self._act, self._rtype, changes)

    def _name_outside(self, new: list[Item]) -> None:
        """Remember what the other system calls the new records."""
        if not isinstance(self._asked.matcher, ByExternalId):
            return
        slug = self._rtype.slug
        pairs = [(item.row.pk, name) for item in new for name in item.keys]
        self._act.create([ExternalId(source=n[0], value=n[1], record_type=slug, record_id=key) for key, n in pairs])

    def _within_reach(self, wave: list[Item]) -> list[Item]:
        keys = [item.row.pk for item in wave if item.row is not None]
        rows = within_reach(self._actor, self._rtype, "change", self._rtype.rows().filter(pk__in=keys))
        allowed = set(rows.values_list("pk", flat=True)) if keys else set()
        for item in wave:
            if item.row is not None and item.row.pk not in allowed:
                self._refuse(item, _("This record is outside what your role lets you change."))
        return [item for item in wave if item.index not in self._results]

    def _without_clashes(self, wave: list[Item]) -> list[Item]:
        """Leave out new items that look like records that are there, unless that was said to be meant."""
        if self._asked.accept_clashes or self._rtype.clashes is None:
            return wave
        shared = self._shared([item for item in wave if item.row is None])
        suspects = [item for item in wave if item.row is None and (item in shared or not self._rtype.clash_fields)]
        for item in suspects:
            if clashes := clashes_seen(self._actor, self._rtype, item.values):
                shown = clashes_shown(self._actor, self._rtype, clashes)
                errors = [{"pointer": item.pointer, "detail": one["reason"]} for one in shown]
                self._results[item.index] = Result("conflict", errors=errors, clashes=shown)
        return [item for item in wave if item.index not in self._results]

    def _shared(self, new: list[Item]) -> set[Item]:
        """Those of the items that share an entry with some record, one query for each field in which clashes look."""
        found: set[Item] = set()
        for field in self._rtype.all_fields():
            if field.slug not in self._rtype.clash_fields or not isinstance(field.type, Entries):
                continue
            parts: dict[Item, list[Any]] = {item: parts_of(field, item.values.get(field.slug)) for item in new}
            asked = {one for some in parts.values() for one in some}
            held = sharing(self._rtype, field, field.type.key, asked, deleted=True)
            found |= {item for item, some in parts.items() if any(one in held for one in some)}
        return found

    def _outcome(self, item: Item) -> Result:
        if item.was_version is None:
            return Result("created", item.row.pk, item.row.version)
        status = "updated" if item.row.version != item.was_version else "unchanged"
        return Result(status, item.row.pk, item.row.version)

    def _refuse(self, item: Item, detail: str) -> None:
        self._results[item.index] = Result("error", errors=[{"pointer": item.pointer, "detail": detail}])


def _apart(pending: list[Item]) -> tuple[list[Item], list[Item]]:
    """The first items that share no claim with one another, and the rest, which waits for them."""
    taken: set[Hashable] = set()
    wave: list[Item] = []
    rest: list[Item] = []
    for item in pending:
        (rest if item.claims & taken else wave).append(item)
        taken |= item.claims
    return wave, rest
