"""The words of all names, kept apart: what was misspelt is looked up among them, and not among all names."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection
from django.utils.translation import gettext_lazy as _

from rapport.engine.jobs.job import job
from rapport.engine.jobs.progress import Reporter
from rapport.engine.jobs.schedules import daily
from rapport.engine.records.registry import record_types
from rapport.engine.records.search.terms import place, searched, words

SHORTEST, LONGEST = 3, 24  # letters of a word that is kept
LAST_LETTER = "\U0010ffff"
SLICE = 2_000

# Only looked for, not held unique: two transactions that add the same word do not wait for each other.
KEEP = """
INSERT INTO search_word (word) SELECT word FROM unnest(%s::text[]) AS given(word)
WHERE NOT EXISTS (SELECT FROM search_word AS known WHERE known.word = given.word OFFSET 0)
"""
# The first word that each of these begins, which is it itself where it is a word; and which of the others are words.
KNOWN = """
SELECT given.word, found.word, found.begins
FROM unnest(%s::text[], %s::text[], %s::text[]) AS given(word, beyond, others)
CROSS JOIN LATERAL (
    (SELECT word, true AS begins FROM search_word
     WHERE word >= given.word AND word < given.beyond ORDER BY word LIMIT 1)
    UNION ALL
    SELECT word, false FROM search_word WHERE word = ANY(string_to_array(given.others, ' '))
) AS found
"""
ALIKE = """
SELECT given.word, found.word FROM unnest(%s::text[]) AS given(word)
CROSS JOIN LATERAL (
    SELECT word FROM search_word WHERE word %% given.word ORDER BY similarity(word, given.word) DESC, word LIMIT 40
) AS found
"""
# A slice of the words that are kept, without those that stand there twice and those that no name has any more.
SWEEP = """
WITH slice AS (SELECT id, word FROM search_word WHERE id > %s ORDER BY id LIMIT %s),
gone AS (
    DELETE FROM search_word WHERE id IN (
        SELECT id FROM slice WHERE EXISTS (SELECT FROM search_word AS o WHERE o.word = slice.word AND o.id < slice.id)
        OR NOT EXISTS (
            SELECT FROM search_document AS d
            WHERE d.terms @@ (
                SELECT string_agg(quote_literal(place || slice.word), ' | ')
                FROM unnest(%s::text[]) AS place
            )::tsquery OFFSET 0
        )
    )
)
SELECT max(id) FROM slice
"""


def keep_words(names: Iterable[str]) -> None:
    """Add the words of names that are not there yet."""
    found = {word for name in names for word in words(name) if SHORTEST <= len(word) <= LONGEST and not word.isdigit()}
    if found:
        with connection.cursor() as cursor:
            cursor.execute(KEEP, [sorted(found)])


def known(asked: Mapping[str, Sequence[str]]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The first word that each of these begins, if any; and which of the words given for each are words of names."""
    begun: dict[str, str] = {}
    others: dict[str, list[str]] = {}
    beyond = [word + LAST_LETTER for word in asked]
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [list(asked), beyond, [" ".join(words) for words in asked.values()]])
        for word, found, begins in cursor.fetchall():
            if begins:
                begun[word] = found
            else:
                others.setdefault(word, []).append(found)
    return begun, others


def alike(asked: Sequence[str]) -> dict[str, list[str]]:
    """The words that share the most parts with each of these."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, [list(asked)])
        for word, other in cursor.fetchall():
            found.setdefault(word, []).append(other)
    return found


@daily(at="04:20")
@job(label=_("Forget words of names that are gone"))
def sweep_words(progress: Reporter) -> None:
    """Drop words that no name holds any more."""
    places = [place(one, one.title_field) for one in record_types() if one.title_field in searched(one)]
    last, done = 0, 0
    while last is not None:
        progress.report(done)
        with connection.cursor() as cursor:
            cursor.execute(SWEEP, [last, SLICE, places])
            (last,) = cursor.fetchone()
        done += SLICE
