"""Clusters of duplicates as their inbox shows them: the records by line, and what speaks for and against in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.records.duplicates.doors import Cluster
from rapport.engine.records.duplicates.wording import in_words
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask
from rapport.engine.records.registry import RecordType
from rapport.engine.web.views.presenting import face, present, record_url, title_shown, values_of

MOST_FIELDS = 5
FOR, AGAINST = 1.0, -1.0  # bits from which on something is said to speak for, or against
MISSING = "missing"


@dataclass(frozen=True)
class Reason:
    """What is said of one field: in words, and as the colour of a chip."""

    text: str
    colour: str


@dataclass(frozen=True)
class Line:
    """One record of a cluster."""

    id: UUID
    title: str
    url: str
    face: dict[str, Any]
    row: Any
    values: list[Any]


@dataclass(frozen=True)
class Shown:
    """One cluster: `percent` is the chance that all are the same, rounded down."""

    id: int
    percent: int
    reasons: list[Reason]
    fields: list[Field]
    lines: list[Line]


def show(actor: Actor, rtype: RecordType, clusters: Sequence[Cluster]) -> list[Shown]:
    """Clusters ready to be shown; what their records point at is asked for all at once."""
    told = [_told(rtype, one) for one in clusters]
    allowed = mask(actor, rtype)
    rows = [row for one in clusters for row in one.records]
    compared = {slug for reasons in told for slug in reasons} - {rtype.title, *rtype.secondary}
    fields = [one for one in rtype.all_fields() if one.slug in compared and allowed.shows(one.slug)]
    values = present(actor, fields, [values_of(fields, row) for row in rows])
    by_row = {row.pk: value for row, value in zip(rows, values, strict=True)}
    return [_shown(actor, rtype, one, reasons, fields, by_row) for one, reasons in zip(clusters, told, strict=True)]


def _told(rtype: RecordType, cluster: Cluster) -> dict[str, tuple[str, float]]:
    """By field the answer that tells most, over all pairs; the strongest first."""
    found: dict[str, tuple[str, float]] = {}
    for pair in cluster.pairs:
        for slug, (label, weight) in pair.reasons.items():
            known = found.get(slug)
            if label != MISSING and rtype.field(slug) and (known is None or abs(weight) > abs(known[1])):
                found[slug] = label, weight
    return dict(sorted(found.items(), key=lambda one: -one[1][1]))


def _shown(
    actor: Actor,
    rtype: RecordType,
    cluster: Cluster,
    reasons: Mapping[str, tuple[str, float]],
    fields: Sequence[Field],
    by_row: Mapping[UUID, Mapping[str, Any]],
) -> Shown:
    own = [one for one in fields if one.slug in reasons][:MOST_FIELDS]
    lines = []
    for row in cluster.records:
        title = title_shown(actor, rtype, row)
        picture = face(title, row.pk, square=rtype.square)
        values = [by_row[row.pk][one.slug] for one in own]
        lines.append(Line(row.pk, title, record_url(rtype, row.pk), picture, row, values))
    said = [_reason(rtype.field(slug), *answer) for slug, answer in reasons.items()]
    return Shown(cluster.id, int(cluster.score * 100), list(dict.fromkeys(said)), own, lines)


def _reason(field: Field | None, label: str, weight: float) -> Reason:
    return Reason(in_words(field, label), "good" if weight >= FOR else "bad" if weight <= AGAINST else "")
