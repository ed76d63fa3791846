"""Finding: tier by tier, each bounded, until every group of results is full."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import definitions
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import grants_of, mask, may, parents_of
from rapport.engine.records.registry import RecordType, record_types
from rapport.engine.records.search.asking import Question, read_question
from rapport.engine.records.search.candidates import BY_WORDS, IDENTIFIED, MISSPELT, Candidate, Search, Sought
from rapport.engine.records.search.results import Group, grouped
from rapport.engine.records.search.terms import searched
from rapport.engine.records.search.typos import Reading, readings
from rapport.engine.runtime.preparing import prepared


@dataclass(frozen=True)
class Found:
    """What was found, by type, and how long it took, in milliseconds."""

    groups: list[Group]
    milliseconds: int


@dataclass(frozen=True)
class Place:
    """A record type as an actor may search it: the fields that the mask shows, and whether names count."""

    rtype: RecordType
    fields: Sequence[Field]
    shows_title: bool
    own_only: bool


class Finds:
    """What was found: at most so many records of each type, in order, each by its best match."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.by_type: dict[str, dict[UUID, Candidate]] = {}

    def take(self, candidates: Iterable[Candidate]) -> None:
        for one in candidates:
            group = self.by_type.setdefault(one.shown_type, {})
            if len(group) < self.most:
                group.setdefault(one.shown_id, one)

    def has_room(self, place: Place) -> bool:
        shown_as = [one.slug for one in parents_of(place.rtype)] or [place.rtype.slug]
        return any(len(self.by_type.get(slug, ())) < self.most for slug in shown_as)


def search(actor: Actor, text: str, *, limit: int = 20) -> Found:
    """At most `limit` records of each type that the actor may see and that match what was typed, best first."""
    began = time.perf_counter()
    question = read_question(text, definitions().organisation.country)
    with prepared():
        found = _finds(actor, question, limit) if question.words else Finds(limit)
        groups = grouped(actor, question, found.by_type)
    return Found(groups, round((time.perf_counter() - began) * 1000))


def _finds(actor: Actor, question: Question, limit: int) -> Finds:
    found = Finds(limit)
    places = _places(actor)
    asked = Search(actor, question, [one.rtype for one in places], limit)
    titled = [one for one in places if one.shows_title]
    identifiers = _sought(IDENTIFIED, places, lambda one: question.identifiers(one.rtype, one.fields))
    found.take(asked.named(_anybodys(titled), _ones_own(actor, titled), identifiers))
    roomy = [one for one in places if found.has_room(one)]
    found.take(asked.holding(_sought(BY_WORDS, roomy, lambda one: _wording(question, one, found))))
    for meant in () if found.by_type else readings(question):
        found.take(asked.holding(_read_as(meant, titled)))
        if found.by_type:
            break
    return found


def _wording(question: Question, place: Place, found: Finds) -> str:
    """Names of which something was found already are not asked for once more, the last word in many endings."""
    return question.wording(place.rtype, place.fields, goes_on=place.rtype.slug not in found.by_type)


def _read_as(meant: Reading, titled: Iterable[Place]) -> list[Sought]:
    return _sought(MISSPELT, titled, lambda one: meant.within(one.rtype))


def _sought(tier: int, places: Iterable[Place], query_of: Callable[[Place], str]) -> list[Sought]:
    queries = [(place, query_of(place)) for place in places]
    return [Sought(tier, query, one.own_only, bool(one.rtype.sees_as)) for one, query in queries if query]


def _anybodys(titled: Iterable[Place]) -> list[str]:
    return [one.rtype.slug for one in titled if not one.own_only]


def _ones_own(actor: Actor, titled: Iterable[Place]) -> list[str]:
    return [one.rtype.slug for one in titled if one.rtype.field("owner")] if actor.user_id else []


def _places(actor: Actor) -> list[Place]:
    places = []
    for rtype in record_types():
        allowed = mask(actor, rtype)
        fields = [field for field in searched(rtype) if allowed.shows(field.slug)]
        if fields and may(actor, rtype, "read"):
            shows_title = rtype.title_field in fields and not rtype.sees_as
            reach = {grant.reach for grant in grants_of(actor, rtype, "read")}
            own_only = rtype.by_roles and reach == {"own"}
            places.append(Place(rtype, fields, shows_title, own_only))
    return places
