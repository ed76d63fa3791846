"""Actions: verbs written once and called by every door. To create, change, delete and restore are the engine's own."""

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

from django.forms import Form
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.models import Journaled
from rapport.engine.records import values as given
from rapport.engine.records.computed.working import settle
from rapport.engine.records.conflicts import refuse_conflicts
from rapport.engine.records.duplicates.similar import similar_to
from rapport.engine.records.duplicates.wording import because
from rapport.engine.records.errors import Clash, Clashes, ValidationFailed
from rapport.engine.records.fields import Reading
from rapport.engine.records.gate import Verb, reaches, require, require_created, require_new, within_reach
from rapport.engine.records.reading import reading_for
from rapport.engine.records.registry import RecordType, Words
from rapport.engine.records.rules.judging import check_change, check_new

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Action:
    """A verb as the doors see it: on which type, what it is called, what it asks for."""

    name: str
    on: str
    label: Words
    icon: str
    verb: Verb
    asks: type[Form] | None
    key: str
    run: Callable[..., Any]


ACTIONS: dict[str, Action] = {}


def action(
    *, on: str, label: Words, icon: str = "", verb: Verb = "change", asks: type[Form] | None = None, key: str = ""
) -> Callable[[Callable[Concatenate[Act, Any, P], R]], Callable[Concatenate[Act, Any, P], R]]:
    """Make a function an action on a record type (its slug). It asks the gate for the record before it runs."""

    def register(verb_function: Callable[Concatenate[Act, Any, P], R]) -> Callable[Concatenate[Act, Any, P], R]:
        @functools.wraps(verb_function)
        def gated(act: Act, record: Any, *args: P.args, **kwargs: P.kwargs) -> R:
            from rapport.engine.records.registry import record_type

            require_record(act, record_type(on), verb, record)
            return verb_function(act, record, *args, **kwargs)

        name = verb_function.__name__
        ACTIONS[f"{on}.{name}"] = Action(name, on, label, icon, verb, asks, key, gated)
        return cast(Callable[Concatenate[Act, Any, P], R], gated)

    return register


def actions_on(rtype: RecordType) -> list[Action]:
    """The actions that a record of this type offers beyond the engine's own."""
    return [one for one in ACTIONS.values() if one.on == rtype.slug]


def require_record(act: Act, rtype: RecordType, verb: Verb, record: Journaled) -> None:
    """Raise NotAllowed unless the actor may do this to this very record."""
    require(act.actor, rtype, verb)
    if not reaches(act.actor, rtype, verb, record):
        raise NotAllowed(_("This record is outside what your role lets you change."))


def create_record(
    act: Act, rtype: RecordType, raw: Mapping[str, Any], *, accept_clashes: bool = True, asks_similar: bool = False
) -> Any:
    """Create a record from values as typed or sent. `asks_similar`: those that look like it are clashes too.

    Raises ValidationFailed, NotAllowed, and Clashes when others share an identifier and this is not accepted.
    """
    require(act.actor, rtype, "create")
    reading = reading_for(act.actor)
    values = values_of_new(rtype, given.parse(rtype, raw, reading, is_new=True), reading)
    if not accept_clashes and (clashes := clashes_seen(act.actor, rtype, values, asks_similar=asks_similar)):
        raise Clashes(clashes)
    row = insert_records(act, rtype, [values])[0]
    settle(rtype, [row.pk])
    return row


def values_of_new(rtype: RecordType, values: given.Values, reading: Reading) -> given.Values:
    """The values of a new record, from those that were read: completed, filled, checked. Raises ValidationFailed."""
    values = given.fill(rtype, given.complete(rtype, None, values), reading)
    check_new(rtype, values, reading)
    given.check_unique(rtype, values)
    return values


def insert_records(act: Act, rtype: RecordType, drafts: Sequence[given.Values]) -> list[Any]:
    """Write new records as one set, from checked values. The gate was asked for the type. Raises ValidationFailed."""
    rows = []
    for values in drafts:
        row = rtype.new()
        for name, value in given.columns(rtype, row, values).items():
            setattr(row, name, value)
        given.require_parent(rtype, row, act.actor)
        require_new(act.actor, rtype, row)
        rows.append(row)
    act.create(rows)
    given.assign_through(act, rtype, list(zip(rows, drafts, strict=True)), are_new=True)
    require_created(act.actor, rtype, rows)
    return rows


def clashes_seen(actor: Actor, rtype: RecordType, values: given.Values, *, asks_similar: bool = False) -> list[Clash]:
    """Those of the records that share an identifier, or if asked look the same, which the actor may see."""
    found = rtype.clashes(values) if rtype.clashes else []
    keys = [clash.record.pk for clash in found]
    seen = set(within_reach(actor, rtype, "read", rtype.rows().filter(pk__in=keys)).values_list("pk", flat=True))
    clashes = [clash for clash in found if clash.record.pk in seen]
    return [*clashes, *_similar(actor, rtype, values, besides=seen)] if asks_similar else clashes


def _similar(actor: Actor, rtype: RecordType, values: given.Values, *, besides: Collection[UUID]) -> list[Clash]:
    alike = [one for one in similar_to(actor, rtype, values) if one.record.pk not in besides]
    return [Clash(one.record, rtype.title_of(one.record), because(rtype, one.reasons), False) for one in alike]


def change_record(
    act: Act, rtype: RecordType, row: Any, raw: Mapping[str, Any], *, base_version: int | None = None
) -> Any:
    """Change fields of a record. With the version the change was based on, edits of others are merged by field.

    Raises ValidationFailed, NotAllowed, and EditConflict when the same field was changed meanwhile.
    """
    require_record(act, rtype, "change", row)
    act.lock(row)
    reading = reading_for(act.actor)
    values = given.parse(rtype, raw, reading, is_new=False)
    values = values_of_change(rtype, row, values, reading, base_version=base_version)
    update_records(act, rtype, [(row, values)])
    settle(rtype, [row.pk])
    return row


def values_of_change(
    rtype: RecordType, row: Any, values: given.Values, reading: Reading, *, base_version: int | None = None
) -> given.Values:
    """The values to write on a record, from those that were read. Raises ValidationFailed and EditConflict."""
    values = given.complete(rtype, row, given.replacing(rtype, row, values))
    check_change(rtype, row, values, reading)
    given.check_unique(rtype, values, besides=row.pk)
    if base_version is not None:
        refuse_conflicts(rtype, row, values, base_version)
    return values


def update_records(act: Act, rtype: RecordType, changes: Sequence[tuple[Any, given.Values]]) -> None:
    """Write checked values on records as one set. The gate has been asked for each of them.

    Raises ValidationFailed when values that were right alone are wrong together: two records, each under the other.
    """
    filled = [(row, given.columns(rtype, row, values)) for row, values in changes]
    act.change_each([(row, columns) for row, columns in filled if columns])
    given.assign_through(act, rtype, changes)
    given.judge_together(rtype, changes)


def delete_records(act: Act, rtype: RecordType, rows: Sequence[Any]) -> None:
    """Delete records; they can be restored."""
    for row in rows:
        require_record(act, rtype, "delete", row)
    act.delete(rows)


def restore_records(act: Act, rtype: RecordType, rows: Sequence[Any]) -> None:
    """Bring deleted records back. Raises ValidationFailed if they cannot be: one was merged, or its place is taken."""
    for row in rows:
        require_record(act, rtype, "delete", row)
    bring_back(act, rtype, rows)


def bring_back(act: Act, rtype: RecordType, rows: Sequence[Any]) -> None:
    """As `restore_records`, where the gate has been asked for each of them."""
    if any(getattr(row, "merged_into", None) for row in rows):
        words = str(_("This record was merged into another one. Un-merge it there, and it comes back as it was."))
        raise ValidationFailed({"merged_into": words})
    unique = [field for field in rtype.all_fields() if field.unique and field.custom]
    for row in rows if unique else ():
        given.check_unique(rtype, {field.slug: field.get(row) for field in unique}, besides=row.pk)
    act.restore(rows)
