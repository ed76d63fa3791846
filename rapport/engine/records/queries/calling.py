"""What to call any record in a list of deeds: its title, or for one without a page of its own what it belongs to."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import visible
from rapport.engine.records.queries.labels import Label, labels
from rapport.engine.records.registry import RecordType, record_type

Wanted = tuple[str, UUID]


def calls(actor: Actor, wanted: Iterable[Wanted]) -> dict[UUID, Label]:
    """Labels of (type, id) pairs by their ids, as far as the actor may see them; a child's leads to its parent."""
    children: dict[str, set[UUID]] = {}
    others: set[Wanted] = set()
    for slug, key in wanted:
        if _is_part(record_type(slug)):
            children.setdefault(slug, set()).add(key)
        else:
            others.add((slug, key))
    found = {key: _never_blank(label) for key, label in labels(actor, others).items()}
    for slug, keys in children.items():
        found |= _by_parents(actor, record_type(slug), keys)
    return found


def _is_part(rtype: RecordType) -> bool:
    return bool(rtype.sees_as) and rtype.section is None


def _never_blank(label: Label) -> Label:
    return label if label.title else Label(label.id, label.type, str(record_type(label.type).label))


def _by_parents(actor: Actor, rtype: RecordType, keys: set[UUID]) -> dict[UUID, Label]:
    """`Amara Okafor at Fjordlink AS`: the words of the type over its relations, or else the parent's title."""
    named = [one for one in rtype.fields if f"%({one.slug})s" in str(rtype.named_by)]
    kind = ["about_type"] if rtype.sees_as == "*" else []
    columns = ["pk", rtype.parent_column, *kind, *(one.column for one in named)]
    rows = list(visible(actor, rtype).filter(pk__in=keys).values(*columns))
    parents = {row["pk"]: (row["about_type"] if kind else rtype.sees_as, row[rtype.parent_column]) for row in rows}
    pointed = {(one.target, row[one.column]) for row in rows for one in named if row[one.column]}
    known = {key: _never_blank(label) for key, label in labels(actor, pointed | set(parents.values())).items()}
    return {
        row["pk"]: Label(parent.id, parent.type, _words(rtype, named, row, known) or parent.title)
        for row in rows
        if (parent := known.get(parents[row["pk"]][1]))
    }


def _words(rtype: RecordType, named: list[Field], row: Mapping[str, Any], known: Mapping[UUID, Label]) -> str:
    """Nothing where the actor may not see one of the names."""
    titles = {one.slug: known[row[one.column]].title for one in named if row[one.column] in known}
    return str(rtype.named_by) % titles if named and len(titles) == len(named) else ""
