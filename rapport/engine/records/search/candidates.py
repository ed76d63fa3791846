"""Candidates: documents that match, a bounded number of each kind, the best of them first.

One statement serves all record types: what to look for comes as rows, and each is looked up by itself along an index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from rapport.engine.events.actor import Actor
from rapport.engine.records.gate.shares import shared_keys
from rapport.engine.records.registry import RecordType
from rapport.engine.records.search.asking import Question
from rapport.engine.records.search.gating import seen_by

LAST_LETTER = "\U0010ffff"
ENOUGH = 100  # documents that hold certain words: what ranking looks at, however common a word is
SPARE = 3  # names in the order of the alphabet, for each that is wanted

# What is asked comes in a row, so that nothing of it is known to the plan, and one plan serves every question.
GIVEN = """
WITH given AS MATERIALIZED (
    SELECT %s::text AS text, %s::text AS beyond, %s::text[] AS words, %s::uuid AS me, %s::int AS most,
           %s::uuid[] AS owners, %s::uuid[] AS shared,
           %s::text[] AS named, %s::text[] AS owned,
           %s::int[] AS tiers, %s::text[] AS queries, %s::int[] AS shown, %s::bool[] AS own
)
"""
FOUND = """
SELECT tier, record_type, record_id, shown_type, shown_id FROM ({parts}) AS found ORDER BY tier, {best_first}
"""
# How well a name fits: 11 for each word that is a word of it, 1 for each that begins one.
SOME = """
SELECT asked.tier, best.* FROM given, {asked} CROSS JOIN LATERAL (
    SELECT d.record_type, d.record_id, d.changed_at, coalesce(nullif(d.parent_type, ''), d.record_type) AS shown_type,
           coalesce(d.parent_id, d.record_id) AS shown_id, d.names = given.text AS is_named,
           d.owner_id IS NOT DISTINCT FROM given.me AS is_own,
           (SELECT sum(CASE WHEN strpos(' ' || d.names || ' ', ' ' || word || ' ') > 0 THEN 11
                            WHEN strpos(' ' || d.names, ' ' || word) > 0 THEN 1 ELSE 0 END)
            FROM unnest(given.words) AS word) AS fit
    FROM (SELECT * FROM search_document AS d WHERE {narrow} AND {seen} {bound}) AS d
    ORDER BY {best_first} LIMIT asked.shown
) AS best
"""
BEST_FIRST = "is_named DESC, fit DESC NULLS LAST, is_own DESC, changed_at DESC, record_id"

NAMED = """
unnest(given.{types}) AS types(record_type),
LATERAL (SELECT {tier} AS tier, types.record_type, given.most AS shown) AS asked
"""
HOLDING = "unnest(given.tiers, given.queries, given.shown, given.own) AS asked(tier, query, shown, own)"
BEGINS = "d.record_type = asked.record_type AND {name} >= given.text AND {name} < given.beyond"
AMONG_OWN = "d.owner_id = ANY (given.owners) OR d.record_id = ANY (given.shared)"
HOLDS = f"d.terms @@ asked.query::tsquery AND (NOT asked.own OR {AMONG_OWN})"
OWN = "d.owner_id = given.me AND "
ALPHABETICAL = f"ORDER BY {{name}} LIMIT given.most * {SPARE}"
NAME, LAST_WORD_FIRST = "d.names", "(split_part(d.names, ' ', -1) || ' ' || d.names)"
IDENTIFIED, BY_NAME, BY_WORDS, MISSPELT = range(4)


@dataclass(frozen=True)
class Sought:
    """Terms to look for. Of children many may show the same record, so more of them are looked at."""

    tier: int
    query: str
    own_only: bool
    is_child: bool


@dataclass(frozen=True)
class Candidate:
    """A document that matched, by which tier, and the record it is shown as."""

    tier: int
    record_type: str
    record_id: UUID
    shown_type: str
    shown_id: UUID


@dataclass(frozen=True)
class Search:
    """Who asks what, and how many of each type are wanted."""

    actor: Actor
    question: Question
    types: Sequence[RecordType]
    most: int

    def named(self, types: Sequence[str], owned: Sequence[str], sought: Sequence[Sought]) -> list[Candidate]:
        """By names of these types that begin with what was typed, own ones of those, and terms."""
        return self._candidates(sought, types, owned)

    def holding(self, sought: Sequence[Sought]) -> list[Candidate]:
        """By terms."""
        return self._candidates(sought, (), ()) if sought else []

    def _candidates(self, sought: Sequence[Sought], types: Sequence[str], owned: Sequence[str]) -> list[Candidate]:
        seen = seen_by(self.actor, self.types)
        sql, parts = _statement(seen.sql, with_names=bool(types or owned))
        text = self.question.text
        words = [word for word in self.question.plain_words if word]
        given: list[Any] = [text, text + LAST_LETTER, words, self.actor.user_id, self.most]
        given += [self._owners(), self._shared(sought), list(types), list(owned)]
        given += [[one.tier for one in sought], [one.query for one in sought]]
        given += [[ENOUGH if one.is_child else self.most for one in sought], [one.own_only for one in sought]]
        with connection.cursor() as cursor:
            cursor.execute(sql, [*given, *seen.values * parts])
            return [Candidate(*row) for row in cursor.fetchall()]

    def _owners(self) -> list[UUID]:
        """Whose documents somebody reads whose role reaches only what is their own."""
        me = {self.actor.user_id} if self.actor.user_id else set()
        return sorted(me | self.actor.circle.led)

    def _shared(self, sought: Sequence[Sought]) -> list[UUID]:
        if not any(one.own_only for one in sought):
            return []
        return sorted(shared_keys(self.actor, [one.slug for one in self.types]))


@lru_cache(maxsize=64)
def _statement(seen: str, *, with_names: bool) -> tuple[str, int]:
    """The statement, and how often the condition of what is seen stands in it."""

    def some(asked: str, narrow: str, bound: str) -> str:
        return SOME.format(asked=asked, narrow=narrow, bound=bound, seen=seen, best_first=BEST_FIRST)

    def begins(types: str, tier: int, name: str, also: str = "") -> str:
        asked = NAMED.format(types=types, tier=tier)
        return some(asked, also + BEGINS.format(name=name), ALPHABETICAL.format(name=name))

    parts = [some(HOLDING, HOLDS, f"LIMIT {ENOUGH}")]
    if with_names:
        parts += [begins("named", BY_NAME, NAME), begins("owned", BY_NAME, NAME, OWN)]
        parts += [begins("named", BY_WORDS, LAST_WORD_FIRST)]
    return GIVEN + FOUND.format(parts=" UNION ALL ".join(parts), best_first=BEST_FIRST), len(parts)
