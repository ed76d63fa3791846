"""Results as they are shown: titles and what stands beside them, read through the gate, a few queries a type."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import Field
from rapport.engine.records.folding import fold
from rapport.engine.records.gate import mask
from rapport.engine.records.registry import RecordType, Words, record_type
from rapport.engine.records.search.asking import Question
from rapport.engine.records.search.candidates import BY_NAME, MISSPELT, Candidate
from rapport.engine.records.search.reading import rows_of
from rapport.engine.records.search.terms import plain, searched, terms
from rapport.engine.records.showing import record_url

BESIDE = frozenset({"members", "relation", "emails", "domains", "text"})
MOST_BESIDE = 2
BY_TITLE = frozenset({BY_NAME, MISSPELT})  # how a record is found by nothing but its title
AROUND = 60  # characters of a long text on either side of what was found in it


@dataclass(frozen=True)
class Result:
    """A record that was found: its title, what stands beside it, and where it matched if neither shows it."""

    id: UUID
    type: str
    title: str
    url: str
    icon: str
    beside: Sequence[str] = ()
    reason: str = ""


@dataclass(frozen=True)
class Group:
    """Results of one type, the best first."""

    type: str
    label: Words
    results: list[Result] = field(default_factory=list)


def grouped(actor: Actor, question: Question, hits: Mapping[str, Mapping[UUID, Candidate]]) -> list[Group]:
    """A group for each type with results: the one with the best hit first, then in the order of the side bar."""
    groups = []
    for slug, found in hits.items():
        rtype = record_type(slug)
        results = _Telling(actor, rtype, question, found).results()
        if results:
            best = min(found[one.id].tier for one in results)
            groups.append(((best > 0, rtype.place), Group(slug, rtype.label_plural, results)))
    return [group for _place, group in sorted(groups, key=lambda pair: pair[0])]


class _Telling:
    """What is said of the records of one type, looked up once for all of them."""

    def __init__(self, actor: Actor, rtype: RecordType, question: Question, hits: Mapping[UUID, Candidate]) -> None:
        allowed = mask(actor, rtype)
        self.rtype = rtype
        self.question = question
        self.hits = hits
        self.shows_title = allowed.shows(rtype.title)
        self.searched = [one for one in searched(rtype) if allowed.shows(one.slug)]
        columns = [one for slug in rtype.columns if (one := rtype.field(slug)) and allowed.shows(slug)]
        self.beside = [one for one in columns if one.type.name in BESIDE and one.slug != rtype.title][:MOST_BESIDE]
        self.rows = rows_of(actor, rtype, [*self.searched, *self.beside], hits)
        self.through = {one.slug: one.through.load(list(self.rows)) for one in self.beside if one.through}
        self.titles = self._titles(actor)
        self.children = _children(actor, [hit for hit in hits.values() if hit.record_type != rtype.slug])

    def results(self) -> list[Result]:
        return [self.result(self.rows[key], hit) for key, hit in self.hits.items() if key in self.rows]

    def result(self, row: Any, hit: Candidate) -> Result:
        shown = [(one, self._text(one, row)) for one in self.beside]
        title = self.rtype.title_of(row) if self.shows_title else ""
        stand_in = next((text for one, text in shown if text and not one.target), "")
        return Result(
            id=row.pk,
            type=self.rtype.slug,
            title=title or stand_in or _("Without a name"),
            url=record_url(self.rtype, row.pk),
            icon=self.rtype.icon,
            beside=[text for _one, text in shown if text and (title or text != stand_in)],
            reason=self._reason(row, hit, {one.slug for one, text in shown if text}),
        )

    def _reason(self, row: Any, hit: Candidate, seen: set[str]) -> str:
        """The value that was found, where the reader does not see it already."""
        if hit.tier in BY_TITLE:
            return ""
        if hit.record_id in self.children:
            child, fields = self.children[hit.record_id]
            return _excerpt(self._first_match(child, fields), self.question)
        if self._first_match(row, [one for one in self.searched if one.slug in {self.rtype.title, *seen}]):
            return ""
        return _excerpt(self._first_match(row, self.searched), self.question)

    def _first_match(self, row: Any, fields: Iterable[Field]) -> str:
        for one in fields:
            value = one.get(row)
            known = terms(one, value)
            if any(asked.fits(term) for asked in self.question.asked_of(one) for term in known):
                return one.type.to_text(value, one)
        return ""

    def _titles(self, actor: Actor) -> dict[UUID, str]:
        """What the records are called that stand beside these, where they may be seen."""
        found: dict[UUID, str] = {}
        for one in self.beside:
            if one.target and mask(actor, target := record_type(one.target)).shows(target.title):
                keys = {key for row in self.rows.values() if (key := self._value(one, row))}
                rows = rows_of(actor, target, [], keys)
                found |= {key: target.title_of(row) for key, row in rows.items()}
        return found

    def _value(self, one: Field, row: Any) -> Any:
        return self.through[one.slug].get(row.pk) if one.through else one.get(row)

    def _text(self, one: Field, row: Any) -> str:
        value = self._value(one, row)
        if one.target:
            return self.titles.get(value, "")
        if isinstance(value, list) and one.type.name != "members":
            value = value[:1]
        return one.type.to_text(value, one)


def _children(actor: Actor, hits: Sequence[Candidate]) -> dict[UUID, tuple[Any, list[Field]]]:
    """Notes and other children that were found in place of their parents, with the fields that may tell why."""
    found: dict[UUID, tuple[Any, list[Field]]] = {}
    for slug in {hit.record_type for hit in hits}:
        rtype = record_type(slug)
        allowed = mask(actor, rtype)
        fields = [one for one in searched(rtype) if allowed.shows(one.slug)]
        keys = [hit.record_id for hit in hits if hit.record_type == slug]
        found |= {key: (row, fields) for key, row in rows_of(actor, rtype, fields, keys).items()}
    return found


def _excerpt(text: str, question: Question) -> str:
    """A long text, without its markup, around the first word that was asked for."""
    text = plain(text)
    if len(text) <= AROUND * 2:
        return text
    folded = fold(text)
    places = [place for word in question.words if (place := folded.find(word)) >= 0]
    start = max(min(places, default=0) - AROUND, 0)
    return ("…" if start else "") + text[start : start + AROUND * 2].strip() + "…"
