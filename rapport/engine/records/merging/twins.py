"""What becomes the same thing twice by a merge: two memberships of one person, two shares with one holder."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.lookups import GreaterThan, In

from rapport.engine.events.act import Act
from rapport.engine.events.columns import columns_of
from rapport.engine.events.models import Journaled
from rapport.engine.records.merging.groups import Group
from rapport.engine.records.merging.references import Reference
from rapport.engine.records.models import Share

CHUNK = 1000
Filled = Mapping[str, Any]
# How two rows of a table become one: the columns to fill in the one that stays, None where they are not the same.
Joiner = Callable[[Any, Any], Filled | None]


@dataclass(frozen=True)
class _Join:
    """Rows of a reference that are the same thing if they share another column."""

    reference: Reference
    other: str
    joiner: Joiner


def join_twins(act: Act, group: Group, reference: Reference) -> None:
    """Of live rows that will say the same of the survivor keep one, with what the others know, and delete the others.

    The survivor's own stays, else the oldest.
    """
    if (join := _join_of(reference)) is None:
        return
    rows = reference.rows(group.rtype, group.keys).filter(deleted_at=None)
    for keys in _several(rows, join.other):
        held = act.lock(list(rows.filter(Q(In(F(join.other), keys)))))
        _join(act, group, join, [row for row in held if not row.is_deleted])


def _join_of(reference: Reference) -> _Join | None:
    if reference.slug:
        return None
    if reference.apart_by:
        return _Join(reference, reference.apart_by, JOINERS.get(reference.model, lambda keeps, goes: {}))
    same_by = reference.rtype.same_by if reference.rtype else ()
    others = [column for column in same_by if column != reference.column]
    return _Join(reference, others[0], filled_up) if reference.column in same_by and len(others) == 1 else None


def _several(rows: "QuerySet[Any]", other: str) -> Iterator[list[Any]]:
    """The values that more than one row has, chunk by chunk."""
    counted = rows.order_by().values(other).annotate(count=Count("pk")).filter(count__gt=1)
    values = counted.order_by(other).values_list(other, flat=True)
    last: Any = None
    while found := list((values if last is None else values.filter(Q(GreaterThan(F(other), last))))[:CHUNK]):
        yield found
        last = found[-1]


def _join(act: Act, group: Group, join: _Join, rows: Sequence[Any]) -> None:
    by_other: dict[Any, list[Any]] = {}
    for row in sorted(rows, key=lambda row: (row.created_at, row.pk)):
        by_other.setdefault(getattr(row, join.other), []).append(row)
    going: list[Any] = []
    filling: list[tuple[Any, Filled]] = []
    for same in by_other.values():
        same.sort(key=lambda row: join.reference.at(row) != group.survivor.pk)
        for keeps, goes, values in _pairs(same, join.joiner):
            going.append(goes)
            filling += [(keeps, values)] if values else []
    act.delete(going)
    act.change_each(filling)


def _pairs(rows: Sequence[Any], joiner: Joiner) -> Iterator[tuple[Any, Any, Filled]]:
    """Each row that goes, with the one that it goes into, and what that learns from it."""
    staying: list[tuple[Any, dict[str, Any]]] = []
    for row in rows:
        for keeps, known in staying:
            values = joiner(_Seen(keeps, known), row)
            if values is not None:
                known.update(values)
                yield keeps, row, values
                break
        else:
            staying.append((row, {}))


class _Seen:
    """A row as it will be with what it has learned."""

    def __init__(self, row: Journaled, known: Mapping[str, Any]) -> None:
        self.__dict__.update({**row.__dict__, **known})


def filled_up(keeps: Any, goes: Any) -> Filled | None:
    """What the one does not say the other fills in; None where they say different things: two stretches of time."""
    model: type[Journaled] = type(goes)
    values: dict[str, Any] = {}
    for column in columns_of(model):
        if not column.kept or _points(model, column.name) or column.name == "custom":
            continue
        own, other = getattr(keeps, column.name), getattr(goes, column.name)
        if isinstance(own, bool):
            values |= {column.name: True} if other and not own else {}
        elif own == column.empty and other != column.empty:
            values[column.name] = other
        elif other not in (own, column.empty):
            return None
    own, other = getattr(keeps, "custom", {}), getattr(goes, "custom", {})
    if any(own[key] != value for key, value in other.items() if key in own):
        return None
    return {**values, "custom": {**other, **own}} if other.keys() - own.keys() else values


def _points(model: type[Journaled], name: str) -> bool:
    return any(field.attname == name and field.is_relation for field in model._meta.concrete_fields)


def wider_share(keeps: Any, goes: Any) -> Filled:
    """The wider of two shares with one holder: that lets one change, and that lasts longer."""
    values: dict[str, Any] = {}
    if goes.level == Share.Level.CHANGE != keeps.level:
        values["level"] = goes.level
    if keeps.ends_at is not None and (goes.ends_at is None or goes.ends_at > keeps.ends_at):
        values["ends_at"] = goes.ends_at
    return values


JOINERS: dict[type[Journaled], Joiner] = {Share: wider_share}
