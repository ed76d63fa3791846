"""Who hears of what is said about a record, and why."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import F, Func, UUIDField

from rapport.engine.collaboration.models import Comment, Follow
from rapport.engine.collaboration.seeing import people_of
from rapport.engine.records.gate.rights import rights_of
from rapport.engine.records.registry import RecordType
from rapport.engine.records.sharing import actors_of

# The reasons from the strongest to the weakest; who hears for several is told the strongest.
MENTION, MESSAGE, ANSWER, OWNER, COMMENT = "mention", "message", "answer", "owner", "comment"
STRENGTH = (MENTION, MESSAGE, ANSWER, OWNER, COMMENT)
# Of these one hears by mail too, unless one wants to hear less.
IMPORTANT = frozenset({MENTION, MESSAGE, ANSWER, OWNER})
MOST_TAKING_PART = 500


def hearers(rtype: RecordType, record: Any, comment: Comment, levels: Mapping[UUID, str]) -> dict[UUID, str]:
    """Each user who hears of a comment, with the reason; never who said it, nor who cannot see the record.

    `levels` is what users said of the record: whoever wants to hear only mentions hears nothing else.
    """
    found: dict[UUID, str] = {}
    for reason, users in _reasons(rtype, record, comment, levels):
        for user in users:
            if reason == MENTION or levels.get(user) != Follow.Level.MENTIONS:
                found.setdefault(user, reason)
    found.pop(comment.created_by, None)  # type: ignore[arg-type]  # None is nobody's id
    seeing = who_sees(rtype, record, found)
    return {user: reason for user, reason in found.items() if user in seeing}


def who_sees(rtype: RecordType, record: Any, users: Collection[UUID]) -> set[UUID]:
    """Those of some users who may sign in and see a record: two queries, three where a filter decides."""
    actors = actors_of(users) if users else {}
    rights = rights_of(list(actors.values()), rtype, record, ["read"])
    return {user for user, right in zip(actors, rights, strict=True) if right["read"]}


def owner_of(rtype: RecordType, record: Any) -> UUID | None:
    """The user who owns a record; None where nobody does."""
    owner = rtype.field("owner")
    key: UUID | None = getattr(record, owner.column) if owner else None
    return key


def _reasons(
    rtype: RecordType, record: Any, comment: Comment, levels: Mapping[UUID, str]
) -> Iterator[tuple[str, Collection[UUID]]]:
    """From the strongest on: why users would hear, and who."""
    yield MENTION, _people(comment.mentions)
    if rtype.members:
        yield MESSAGE if rtype.slug == "conversations" else COMMENT, _people(getattr(record, rtype.members))
    if comment.thread_id:
        yield ANSWER, _in_thread(comment.thread_id)
    if (owner := owner_of(rtype, record)) is not None:
        yield OWNER, [owner]
    yield COMMENT, [user for user, level in levels.items() if level != Follow.Level.MENTIONS]
    yield COMMENT, _taking_part(rtype, record.pk)


def _people(holders: Collection[UUID]) -> set[UUID]:
    return set[UUID]().union(*(people_of(holder) for holder in holders))


def _in_thread(thread: UUID) -> list[UUID]:
    rows = Comment._default_manager.filter(deleted_at=None)
    said = rows.filter(pk=thread) | rows.filter(thread=thread)
    return [user for user in said.order_by().values_list("created_by", flat=True).distinct() if user]


def _taking_part(rtype: RecordType, key: UUID) -> set[UUID]:
    """Who said something about a record before, or was mentioned."""
    rows = Comment._default_manager.filter(about_type=rtype.slug, about_id=key, deleted_at=None).order_by()
    said = rows.values_list("created_by", flat=True).distinct()
    named = rows.annotate(named=Func(F("mentions"), function="unnest", output_field=UUIDField()))
    mentioned = named.values_list("named", flat=True).distinct()
    return {*said[:MOST_TAKING_PART], *mentioned[:MOST_TAKING_PART]}
