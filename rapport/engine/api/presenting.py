"""Records as JSON: which fields an actor is shown, and how each value stands there."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.api.problems import bad_parameter
from rapport.engine.events.actor import Actor
from rapport.engine.records.bookkeeping import QUALITY
from rapport.engine.records.fields import TYPES, Field
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.queries import Label, Order, labels, page
from rapport.engine.records.queries.labels import POINTING, pointed_at
from rapport.engine.records.registry import RecordType
from rapport.engine.records.watching import API, watch
from rapport.engine.runtime.preparing import prepared

STAMPS = tuple(
    Field(slug=slug, label=label, type=TYPES["datetime"], column=slug, readonly=True)  # type: ignore[arg-type]  # lazy words become text where they are shown
    for slug, label in (("created_at", __("Created")), ("changed_at", __("Changed")))
)
ALWAYS = ("id", "version", *(stamp.slug for stamp in STAMPS))

Item = dict[str, Any]


def fields_shown(actor: Actor, rtype: RecordType, asked: str | None = None) -> list[Field]:
    """The fields that an actor may see, or those of them that `asked` names (`a,b`). Raises Problem 400.

    How good a record is stands there where it is asked for.
    """
    allowed = mask(actor, rtype)
    known = {field.slug: field for field in rtype.all_fields() if allowed.shows(field.slug)}
    if asked is not None and rtype.by_roles and allowed.shows(QUALITY.slug):
        known[QUALITY.slug] = QUALITY
    if asked is None:
        return list(known.values())
    slugs = dict.fromkeys(slug.strip() for slug in asked.split(",") if slug.strip())
    for slug in slugs:
        if slug not in known and slug not in ALWAYS:
            raise bad_parameter("fields", _("There is no field “%(slug)s” here.") % {"slug": slug[:60]})
    return [known[slug] for slug in slugs if slug in known]


def items_of(actor: Actor, rtype: RecordType, fields: Sequence[Field], rows: Sequence[dict[str, Any]]) -> list[Item]:
    """Rows of a page as JSON, with the names of what they point at; one query for each type pointed at."""
    watch(actor, rtype, fields, rows, door=API)
    names = labels(actor, pointed_at(fields, rows))
    return [
        {"id": str(row["id"]), "version": row["version"]}
        | {field.slug: value_of(field, row[field.slug], names) for field in (*STAMPS, *fields)}
        for row in rows
    ]


@prepared()
def item_of(actor: Actor, rtype: RecordType, key: UUID, asked: str | None = None) -> Item | None:
    """One live record as JSON; None where it is not there or not for this actor to see."""
    fields = fields_shown(actor, rtype, asked)
    order = Order("created_at", "created_at", descending=False)
    found = page(rtype, visible(actor, rtype).filter(pk=key), [*STAMPS, *fields], order=order, limit=1)
    return next(iter(items_of(actor, rtype, fields, found.rows)), None)


def value_of(field: Field, value: Any, names: dict[UUID, Label]) -> Any:
    """A stored value as JSON. What is pointed at is `{"id", "name"}`; the name is null where it is not to be seen."""
    if field.type.name in POINTING and value is not None:
        label = names.get(value)
        return {"id": str(value), "name": label.title if label else None} | _of_file(label)
    return field.type.to_json(value)


def _of_file(label: Label | None) -> Item:
    file = label.file if label else None
    return {"size": file.size, "content_type": file.content_type} if file else {}


def values_of(actor: Actor, pairs: Iterable[tuple[Field, Any]]) -> list[Any]:
    """Single values of any fields as JSON."""
    listed = list(pairs)
    wanted = set().union(*(pointed_at([field], [{field.slug: value}]) for field, value in listed))
    names = labels(actor, wanted)
    return [value_of(field, value, names) for field, value in listed]
