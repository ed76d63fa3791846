"""Finding: tier by tier, each bounded, until every group of results is full."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import definitions
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask, may, parents_of, visible
from rapport.engine.records.models import SearchDocument
from rapport.engine.records.registry import RecordType, record_types
from rapport.engine.records.search.asking import Question, read_question
from rapport.engine.records.search.ranking import Hit, ranked
from rapport.engine.records.search.results import Group, grouped
from rapport.engine.records.search.slips import could_be_meant, mended
from rapport.engine.records.search.terms import searched

COLUMNS = ("record_id", "record_type", "parent_type", "parent_id", "names", "owner_id", "changed_at")
ENOUGH = 100  # candidates of one tier and type: what ranking looks at, however common a word is
FIRST_NAMES = 40
MOST_ALIKE = 300
LAST_LETTER = "\U0010ffff"
# Nobody has statistics of the terms asked for, so reading a whole table looks cheap to the planner, and is not.
ALONG_TERMS = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off"
ALONG_NAMES = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = on"
ALIKE = "SET LOCAL pg_trgm.word_similarity_threshold = 0.45"


@dataclass(frozen=True)
class Found:
    """What was found, by type, and how long it took, in milliseconds."""

    groups: list[Group]
    milliseconds: int


@dataclass(frozen=True)
class Query:
    """A SELECT of documents, made by the ORM once for a type and narrowed for each tier."""

    sql: str
    parameters: Sequence[Any]

    def narrowed(self, condition: str, *values: Any, most: int, order: str = "") -> "Query":
        ordered = f" ORDER BY {order}" if order else ""
        return Query(f"{self.sql} AND {condition}{ordered} LIMIT {most}", (*self.parameters, *values))


@dataclass(frozen=True)
class Place:
    """A record type as an actor may search it: the fields that the mask shows, and whether names count."""

    rtype: RecordType
    fields: Sequence[Field]
    shows_title: bool
    gated: Query


def search(actor: Actor, text: str, *, limit: int = 20) -> Found:
    """At most `limit` records of each type that the actor may see and that match what was typed, best first."""
    began = time.perf_counter()
    question = read_question(text, definitions().organisation.country)
    hits = _hits(actor, question, limit) if question.words else {}
    groups = grouped(actor, question, hits)
    return Found(groups, round((time.perf_counter() - began) * 1000))


def _hits(actor: Actor, question: Question, limit: int) -> dict[str, dict[UUID, Hit]]:
    """Hits by the type and id of the records they show as, in order."""
    found: dict[str, dict[UUID, Hit]] = {}
    all_places = _places(actor)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ALIKE)
        for number, tier in enumerate(TIERS):
            cursor.execute(ALONG_NAMES if tier is _by_name else ALONG_TERMS)
            places = [place for place in all_places if _has_room(found, place, limit)]
            if tier is _by_likeness and found:
                break
            rows = _read([asked for place in places for asked in tier(actor, question, place)])
            if tier is _by_likeness:
                rows = [row for row in rows if could_be_meant(question, row["names"])]
            for hit in ranked(rows, question, actor.user_id, number):
                group = found.setdefault(hit.shown_type, {})
                if len(group) < limit:
                    group.setdefault(hit.shown_id, hit)
    return found


def _places(actor: Actor) -> list[Place]:
    places = []
    for rtype in record_types():
        allowed = mask(actor, rtype)
        fields = [field for field in searched(rtype) if allowed.shows(field.slug)]
        gated = _gated(actor, rtype) if fields and may(actor, rtype, "read") else None
        if gated and gated.sql:
            places.append(Place(rtype, fields, rtype.title_field in fields and not rtype.sees_as, gated))
    return places


def _has_room(found: dict[str, dict[UUID, Hit]], place: Place, limit: int) -> bool:
    shown_as = [one.slug for one in parents_of(place.rtype)] or [place.rtype.slug]
    return any(len(found.get(slug, ())) < limit for slug in shown_as)


def _read(asked: Sequence[Query]) -> list[dict[str, Any]]:
    """All candidates of a tier in one query."""
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"({query.sql})" for query in asked),
            [value for query in asked for value in query.parameters],
        )
        return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]


def _gated(actor: Actor, rtype: RecordType) -> Query:
    """The documents of a type whose records the actor may see, those of children with their parents."""
    rows = SearchDocument._default_manager.filter(record_type=rtype.slug)
    rows = rows.filter(Exists(visible(actor, rtype).filter(pk=OuterRef("record_id"))))
    if rtype.sees_as:
        parents = Q(pk__in=[])
        for parent in parents_of(rtype):
            parents |= Q(Exists(visible(actor, parent).filter(pk=OuterRef("parent_id"))), parent_type=parent.slug)
        rows = rows.filter(parents)
    try:
        return Query(*rows.values(*COLUMNS).query.sql_with_params())
    except EmptyResultSet:
        return Query("", ())


def _holding(query: str, place: Place) -> list[Query]:
    return [place.gated.narrowed("terms @@ %s::tsquery", query, most=ENOUGH)] if query else []


def _by_identifier(_actor: Actor, question: Question, place: Place) -> list[Query]:
    return _holding(question.identifiers(place.fields), place)


def _by_name(actor: Actor, question: Question, place: Place) -> list[Query]:
    """Names that begin with what was typed: those of the actor's own records, and the first of all."""
    if not place.shows_title:
        return []
    span = (question.text, question.text + LAST_LETTER)
    found = [place.gated.narrowed("names >= %s AND names < %s", *span, most=FIRST_NAMES, order="names")]
    if actor.user_id and place.rtype.field("owner"):
        owned = "owner_id = %s AND names >= %s AND names < %s"
        found.append(place.gated.narrowed(owned, actor.user_id, *span, most=FIRST_NAMES, order="names"))
    return found


def _by_words(_actor: Actor, question: Question, place: Place) -> list[Query]:
    return _holding(question.wording(place.fields), place)


def _by_slips(_actor: Actor, question: Question, place: Place) -> list[Query]:
    if not place.shows_title or not question.is_misspellable:
        return []
    return _holding(mended(question, place.rtype.title), place)


def _by_likeness(_actor: Actor, question: Question, place: Place) -> list[Query]:
    """Names that merely look alike: dear where many do, so only where nothing else was found."""
    if not place.shows_title or not question.is_misspellable:
        return []
    return [place.gated.narrowed("names %%> %s", question.text, most=MOST_ALIKE)]


Tier = Callable[[Actor, Question, Place], list[Query]]
TIERS: tuple[Tier, ...] = (_by_identifier, _by_name, _by_words, _by_slips, _by_likeness)
