"""Writing a slice: new records as one set, changes as one set, what they point at before them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError
from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.pipelining import pipelined
from rapport.engine.records import values as given
from rapport.engine.records.actions import insert_records, update_records
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.fields import Field, FieldType
from rapport.engine.records.gate import may
from rapport.engine.records.imports.admitting import admitted, require_found
from rapport.engine.records.imports.compiled import ROW, Compiled
from rapport.engine.records.imports.matching import find_rows, source_of, unique_troubles, within_change
from rapport.engine.records.imports.merging import merged, pointed, takes
from rapport.engine.records.imports.pointers import Pointers, self_relation
from rapport.engine.records.imports.rows import Problem, Read, complete_new, needs, wrong_with
from rapport.engine.records.imports.selfrelations import self_slugs
from rapport.engine.records.models import ExternalId, ImportRun
from rapport.engine.records.refusals import is_refusal, reason_of
from rapport.engine.records.registry import record_type

PIECE = 500
# A field, its one column, and else what its values fill.
Setter = tuple[Field, str, Callable[[Any], Mapping[str, Any]] | None]


@dataclass
class Outcome:
    """What became of a slice: rows by what was done, the record of each, and what the database or the gate refused."""

    created: int = 0
    changed: int = 0
    same: int = 0
    left_out: int = 0
    refused: list[Problem] = field(default_factory=list)
    records: dict[int, Any] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        return {
            "created": self.created, "changed": self.changed, "same": self.same,
            "left_out": self.left_out, "refused": len(self.refused),
        }  # fmt: skip


class Writer:
    """Writes the slices of one run."""

    def __init__(self, run: ImportRun, compiled: Compiled) -> None:
        self._run = run
        self._compiled = compiled
        self._pointers = Pointers(compiled.actor)
        self._columns = _column_setters(compiled)
        self._required, self._defaults = needs(compiled)

    def write(self, act: Act, rows: Sequence[Read], meanwhile: Callable[[], None]) -> Outcome:
        """Write rows as one set; if that is refused, one by one, so that only the culprits are.

        `meanwhile` is done while the database is at work, and may ask nothing of it.
        """
        outcome = Outcome()
        try:
            with act.attempt(), pipelined():
                self._write(act, rows, outcome)
                act.flush()
                meanwhile()
            return outcome
        except (DatabaseError, ValidationFailed) as error:
            if not is_refusal(error):
                raise
        outcome = Outcome()
        for row in rows:
            self._pointers.forget()
            alone = Outcome()
            try:
                with act.attempt():
                    self._write(act, [row], alone)
            except (DatabaseError, ValidationFailed) as error:
                if not is_refusal(error):
                    raise
                alone = Outcome(refused=[Problem(row.n, ROW, "refused", "", reason_of(error))])
            _add(outcome, alone)
        return outcome

    def point_at_own(self, act: Act, named: Sequence[tuple[Read, Any]]) -> list[Problem]:
        """Point the records of rows at others of their own type, by name. Returns what could not be, and why."""
        refused: list[Problem] = []
        for slug in self_slugs(self._compiled):
            some = [(row, record) for row, record in named if slug in row.named]
            to = self._compiled.fields.get(slug)
            if not some or to is None:
                continue
            self._resolve(act, to, {row.named[slug] for row, _record in some}, self._makes(to))
            try:
                with act.attempt():
                    self._point(act, to, some)
            except ValidationFailed:
                for row, record in some:
                    try:
                        with act.attempt():
                            self._point(act, to, [(row, record)])
                    except ValidationFailed as error:
                        column = self._compiled.column_of(slug)
                        refused.append(Problem(row.n, column, "refused", row.named[slug], reason_of(error)))
        return refused

    def _point(self, act: Act, to: Field, some: Sequence[tuple[Read, Any]]) -> None:
        """Raises ValidationFailed where a name means nothing or a rule forbids it."""
        rtype, changes = self._compiled.rtype, []
        act.lock([record for _row, record in some])
        for row, record in some:
            target = self._pointers.find(to, row.named[to.slug])
            if target is None:
                raise ValidationFailed({to.slug: self._pointers.missing(to, row.named[to.slug])})
            values = pointed(self._run, to, record, target, row) if target != record.pk else {}
            if values:
                values = given.complete(rtype, record, values)
                if wrong := wrong_with(self._compiled, record, values, {}):
                    raise ValidationFailed(wrong)
                changes.append((record, values))
        update_records(act, rtype, changes)

    def _write(self, act: Act, rows: Sequence[Read], outcome: Outcome) -> None:
        found = find_rows(self._compiled, rows)
        self._name_targets(act, self._taking(rows, found))
        troubles = unique_troubles(self._compiled, rows, found)
        new, known = [], []
        for row in rows:
            record = found.get(row.key or "")
            if row.n in troubles:
                outcome.refused.append(Problem(row.n, ROW, "refused", "", _("This value must be unique and is taken.")))
            elif record is not None and self._compiled.mode != "create":
                known.append((row, record))
            elif record is not None or self._compiled.mode == "update":
                outcome.left_out += 1
            else:
                new.append(row)
        for piece in _pieces(new):
            self._create(act, piece, outcome)
        self._change(act, known, outcome)

    def _create(self, act: Act, rows: Sequence[Read], outcome: Outcome) -> None:
        ready = []
        for row in rows:
            row.problems = []
            complete_new(self._compiled, row, self._required, self._defaults)
            if row.problems:
                outcome.refused.append(Problem(row.n, ROW, "refused", "", row.problems[0].message))
            else:
                ready.append(row)
        ready, records = admitted(self._compiled, [(row, self._record(row)) for row in ready], outcome.refused)
        act.create(records)
        drafts = [(record, row.values) for row, record in zip(ready, records, strict=True)]
        given.assign_through(act, self._compiled.rtype, drafts, are_new=True)
        require_found(self._compiled, records)
        self._name_outside(act, list(zip(ready, records, strict=True)))
        outcome.created += len(records)
        outcome.records |= {row.n: record for row, record in zip(ready, records, strict=True)}

    def _change(self, act: Act, known: Sequence[tuple[Read, Any]], outcome: Outcome) -> None:
        records = [record for _row, record in known]
        changeable = within_change(self._compiled, records)
        act.lock(records)
        links = self._compiled.links(records)
        changes = []
        for row, record in known:
            if record.pk not in changeable:
                message = _("Your role does not let you change this record.")
                outcome.refused.append(Problem(row.n, ROW, "refused", "", message))
                continue
            values = merged(self._run, self._compiled, record, links, row)
            if values:
                values = given.complete(self._compiled.rtype, record, values)
                if wrong := wrong_with(self._compiled, record, values, links):
                    outcome.refused.append(Problem(row.n, ROW, "refused", "", " ".join(wrong.values())))
                    continue
                changes.append((record, values))
            else:
                outcome.same += 1
            outcome.records[row.n] = record
        update_records(act, self._compiled.rtype, changes)
        outcome.changed += len(changes)
        self._name_outside(act, [(row, record) for row, record in known if row.n in outcome.records])

    def _record(self, row: Read) -> Any:
        """An unsaved record. What `values.columns` does for one, with the fields looked up once for all."""
        record = self._compiled.rtype.new()
        custom = {}
        for slug, value in row.values.items():
            to, column, fill = self._columns[slug]
            if column:
                setattr(record, column, value)
            elif fill is not None:
                for name, stored in fill(value).items():
                    setattr(record, name, stored)
            elif to.custom and not to.type.is_empty(value):
                custom[slug] = to.type.to_custom(value)
        if custom:
            record.custom = custom
        return record

    def _taking(self, rows: Sequence[Read], found: Mapping[str, Any]) -> dict[str, list[Read]]:
        """By relation the rows that name a record and will point at it: what nobody points at is not made."""
        naming = [row for row in rows if row.named]
        known = {row.n: record for row in naming if (record := found.get(row.key or ""))}
        links = self._compiled.links(list(known.values()))
        return {
            slug: [
                row
                for row in naming
                if slug in row.named and takes(self._run, self._compiled, known.get(row.n), links, row, to)
            ]
            for slug, to in self._compiled.fields.items()
            if to.type.name == "relation" and not self_relation(self._compiled.rtype, to)
        }

    def _name_targets(self, act: Act, naming: Mapping[str, Sequence[Read]]) -> None:
        """Find what relations name, and make what is missing where that was asked for."""
        for slug, rows in naming.items():
            to, texts = self._compiled.fields[slug], {row.named[slug] for row in rows}
            if not texts:
                continue
            self._resolve(act, to, texts, makes=True)
            for row in rows:
                if key := self._pointers.find(to, row.named[slug]):
                    row.values[slug] = key

    def _resolve(self, act: Act, to: Field, texts: set[str], makes: bool) -> None:
        self._pointers.foresee(to, texts)
        missing = sorted(text for text in texts if self._pointers.find(to, text) is None)
        if missing and makes:
            self._pointers.learn(to, make_targets(act, to, missing))

    def _makes(self, to: Field) -> bool:
        return any(one.create for one in self._compiled.columns if one.place.field and one.place.field.slug == to.slug)

    def _name_outside(self, act: Act, pairs: Sequence[tuple[Read, Any]]) -> None:
        """Remember what the other system calls the records."""
        named = {row.external_id: record.pk for row, record in pairs if row.external_id}
        if not named:
            return
        source, slug = source_of(self._compiled), self._compiled.rtype.slug
        known = set(
            ExternalId.objects.filter(source=source, record_type=slug, value__in=named, deleted_at=None).values_list(
                "value", flat=True
            )
        )
        act.create(
            [
                ExternalId(source=source, value=value, record_type=slug, record_id=key)
                for value, key in named.items()
                if value not in known
            ]
        )


def make_targets(act: Act, to: Field, texts: Sequence[str]) -> dict[str, Any]:
    """Create records that relations name: by their title, and a domain where it looks like one."""
    rtype = record_type(to.target)
    if not may(act.actor, rtype, "create"):
        raise NotAllowed(_("Your role does not let you create %(what)s.") % {"what": rtype.label_plural})
    drafts = []
    for text in texts:
        draft: given.Values = {rtype.title: text}
        for slug in ("emails", "domains"):
            field_, sign = rtype.field(slug), "@" if slug == "emails" else "."
            if field_ and sign in text and " " not in text and ("@" in text) == (slug == "emails"):
                draft[slug] = [{field_.type.key: text.lower(), "primary": True}]  # type: ignore[attr-defined]  # both are lists of entries
        drafts.append(given.complete(rtype, None, draft))
    records = insert_records(act, rtype, drafts)
    return {text: record.pk for text, record in zip(texts, records, strict=True)}


def _pieces(rows: Sequence[Read]) -> Iterator[Sequence[Read]]:
    """A slice in pieces: the database has the first one to write while the next is made."""
    for start in range(0, len(rows), PIECE):
        yield rows[start : start + PIECE]


def _column_setters(compiled: Compiled) -> dict[str, Setter]:
    every = [*compiled.rtype.all_fields(), *compiled.new_fields]
    return {one.slug: _setter(one) for one in every}


def _setter(to: Field) -> Setter:
    """A field with the one column that its values fill, or with what spreads them over several."""
    if to.custom or to.through:
        return to, "", None
    is_one = type(to.type).columns is FieldType.columns
    return (to, to.column, None) if is_one else (to, "", to.columns)


def _add(total: Outcome, part: Outcome) -> None:
    total.created += part.created
    total.changed += part.changed
    total.same += part.same
    total.left_out += part.left_out
    total.refused += part.refused
    total.records |= part.records
