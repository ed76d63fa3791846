"""What a survivor is to hold: for each field the value of one of the records, or all entries together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import uuid7_text
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.fields import ENTRIES, LISTS, Field
from rapport.engine.records.fields.choosing import Tags
from rapport.engine.records.fields.entries import MAX_ENTRIES, Entries
from rapport.engine.records.gate import mask
from rapport.engine.records.links import held, links_of
from rapport.engine.records.merging.groups import Group
from rapport.engine.records.registry import RecordType
from rapport.engine.records.related import above

ALL: Literal["all"] = "all"
Taken = UUID | Literal["all"]
Takes = Mapping[str, Taken]
Values = Mapping[str, Mapping[UUID, Any]]
MOST_ABOVE = 100


@dataclass(frozen=True)
class FieldChoice:
    """A line of the merge table. `values` are by record, `takes` is suggested: a record, or `all` for the union.

    `differs` says whether there is anything to choose, `can_join` whether `all` is possible.
    """

    field: Field
    values: dict[UUID, Any]
    takes: Taken
    differs: bool
    can_join: bool


@dataclass(frozen=True)
class Settled:
    """What the survivor is to hold, by field, and from which record each value comes; with what is to be said of it."""

    values: dict[str, Any]
    takes: dict[str, Taken]
    warnings: list[str]


def fields_of(rtype: RecordType) -> list[Field]:
    """The fields that hold a value of their own: what follows from others follows."""
    return [one for one in rtype.all_fields() if not (one.computed or one.part_of or one.readonly)]


def values_by_record(group: Group) -> Values:
    """What each of the records holds, by field."""
    fields = fields_of(group.rtype)
    links = links_of(fields, [row.pk for row in group.rows])
    return {one.slug: {row.pk: held(one, row, links) for row in group.rows} for one in fields}


def choices_shown(actor: Actor, group: Group, values: Values, takes: Takes) -> list[FieldChoice]:
    """The lines of the merge table: the fields that the actor sees and may change."""
    allowed = mask(actor, group.rtype)
    return [
        FieldChoice(one, dict(values[one.slug]), takes[one.slug], _differs(one, values[one.slug]), _joins(one, values))
        for one in fields_of(group.rtype)
        if allowed.lets_change(one.slug)
    ]


def settle_choices(actor: Actor, group: Group, values: Values, asked: Takes) -> Settled:
    """As asked, the rest as suggested. Raises ValidationFailed for what cannot be asked."""
    errors = dict(_faults(actor, group, values, asked))
    if errors:
        raise ValidationFailed(errors)
    takes: dict[str, Taken] = {}
    warnings: list[str] = []
    fields = fields_of(group.rtype)
    for one in sorted(fields, key=lambda field: field.slug != group.rtype.title):
        follows = takes.get(group.rtype.title) if one.slug in group.rtype.secondary else None
        takes[one.slug] = asked.get(one.slug) or follows or _suggested(group, one, values)
        if one.type.name in LISTS and takes[one.slug] != ALL and one.slug not in asked and not _joins(one, values):
            warnings.append(
                _("“%(label)s” cannot hold all entries together; choose one record.") % {"label": one.label}
            )
    found = {one.slug: _taken(one, values[one.slug], takes[one.slug]) for one in fields}
    found |= _without_circles(group, found, values, takes, asked)
    return Settled(found, takes, warnings)


def ranked(group: Group, values: Values) -> list[UUID]:
    """The records by how much they say, and then by age; the survivor before all."""
    said = {key: sum(not _is_empty(one, values[one.slug][key]) for one in fields_of(group.rtype)) for key in group.keys}
    rows = sorted(group.losers, key=lambda row: (-said[row.pk], row.created_at, row.pk))
    return [group.survivor.pk, *(row.pk for row in rows)]


def joined(field: Field, lists: Sequence[Any]) -> list[Any]:
    """The entries of all lists, equal ones once, the first of the first list still first."""
    if field.type.name not in ENTRIES:
        return list(dict.fromkeys(word for one in lists for word in one or ()))
    kind = cast(Entries, field.type)
    found: dict[Any, dict[str, Any]] = {}
    ids: set[str] = set()
    for entry in (entry for one in lists for entry in one or ()):
        if kind.value_of(entry) in found:
            continue
        key = entry.get("id") if entry.get("id") not in ids else uuid7_text()
        ids.add(str(key))
        found[kind.value_of(entry)] = {**entry, "id": key, "primary": not found}
    return list(found.values())


def _suggested(group: Group, field: Field, values: Values) -> Taken:
    """The survivor's own unless it says nothing; lists are joined, and a yes outweighs a no."""
    own = values[field.slug]
    if field.type.name in LISTS and _joins(field, values):
        return ALL
    order = ranked(group, values)
    if field.type.name == "bool":
        return next((key for key in order if own[key] is True), order[0])
    is_own = field.type.name == "relation" and field.target == group.rtype.slug
    said = (key for key in order if not _is_empty(field, own[key]) and not (is_own and own[key] in group.keys))
    return next(said, order[0])


def _taken(field: Field, own: Mapping[UUID, Any], takes: Taken) -> Any:
    return joined(field, list(own.values())) if takes == ALL else own[takes]


def _without_circles(
    group: Group, found: Mapping[str, Any], values: Values, takes: dict[str, Taken], asked: Takes
) -> dict[str, Any]:
    """Relations to records of the group say nothing any more, and nothing stands above itself."""
    mended: dict[str, Any] = {}
    for one in fields_of(group.rtype):
        if one.type.name != "relation" or one.target != group.rtype.slug or one.through:
            continue
        value = found[one.slug]
        if value in group.keys:
            mended[one.slug] = value = None
        if value is not None and one == above(group.rtype) and _leads_back(group, one, value):
            if one.slug in asked:
                words = _("“%(label)s”: the record would stand above itself.")
                raise ValidationFailed({one.slug: words % {"label": one.label}})
            others = (own for own in values[one.slug].values() if own and own not in group.keys)
            mended[one.slug] = next((own for own in others if not _leads_back(group, one, own)), None)
    return mended


def _leads_back(group: Group, field: Field, start: UUID) -> bool:
    """Whether what stands above a record is, further up, one of the group."""
    at: UUID | None = start
    for _step in range(MOST_ABOVE):
        if at is None:
            return False
        if at in group.keys:
            return True
        at = group.rtype.rows().filter(pk=at).values_list(field.column, flat=True).first()
    return True


def _faults(actor: Actor, group: Group, values: Values, asked: Takes) -> Iterator[tuple[str, str]]:
    allowed = mask(actor, group.rtype)
    fields = {one.slug: one for one in fields_of(group.rtype) if allowed.shows(one.slug)}
    for slug, takes in asked.items():
        field = fields.get(slug)
        if field is None:
            yield slug, _("There is no field “%(slug)s” to choose here.") % {"slug": slug[:60]}
        elif not allowed.lets_change(slug):
            yield slug, _("“%(label)s” cannot be changed by hand.") % {"label": field.label}
        elif takes == ALL and not _joins(field, values):
            yield slug, _("“%(label)s” cannot hold all of these together; choose one record.") % {"label": field.label}
        elif takes != ALL and takes not in group.keys:
            yield slug, _("“%(label)s” comes from none of these records.") % {"label": field.label}
        elif takes != ALL and field.required and _is_empty(field, values[slug][takes]):
            yield slug, _("“%(label)s” cannot be empty.") % {"label": field.label}


def _differs(field: Field, own: Mapping[UUID, Any]) -> bool:
    said = [value for value in own.values() if not _is_empty(field, value)]
    if field.type.name in ENTRIES:
        kind = cast(Entries, field.type)
        said = [[kind.value_of(entry) for entry in value] for value in said]
    return any(value != said[0] for value in said[1:])


def _joins(field: Field, values: Values) -> bool:
    """Whether the entries of all records fit into one."""
    if field.type.name not in LISTS:
        return False
    count = len(joined(field, list(values[field.slug].values())))
    return count <= (MAX_ENTRIES if field.type.name in ENTRIES else Tags.limit)


def _is_empty(field: Field, value: Any) -> bool:
    return bool(field.type.is_empty(value))
