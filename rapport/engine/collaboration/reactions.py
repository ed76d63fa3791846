"""Whoever it concerns is told of what colleagues say, and of what changes in records that they follow or own."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as __

from rapport.engine.accounts.notifications import Notice, notify_all, wake_record
from rapport.engine.collaboration.changes import assignments, changed_much, notices_of_change, notices_of_many
from rapport.engine.collaboration.follows import followers
from rapport.engine.collaboration.hearing import IMPORTANT, hearers
from rapport.engine.collaboration.models import Comment
from rapport.engine.events.act import Act
from rapport.engine.events.images import type_name
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.reactions import when
from rapport.engine.records.definitions import check_again
from rapport.engine.records.registry import by_journal_type, find_record_type

COMMENTS = type_name(Comment)


@when("created", "changed", "deleted", "restored", about=[COMMENTS], label=__("Notices of comments"))
def tell_of_comments(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Open pages show what was said; whoever it concerns is told, once for each comment."""
    check_again()
    comments = Comment._default_manager.in_bulk([one.about_id for one in entries if one.about_id])
    for about in {one.about_id for one in comments.values()}:
        wake_record(about)
    names = {one.about_id: one.actor_name for one in entries if one.kind in ("created", "changed")}
    fresh = [one for key, one in comments.items() if key in names and not one.is_deleted]
    levels = followers({one.about_id for one in fresh})
    records = _records_of(fresh)
    notices = [
        notice
        for one in fresh
        if (one.about_type, one.about_id) in records
        for notice in _notices(one, records[one.about_type, one.about_id], levels, names[one.pk])
    ]
    notify_all(notices)


@when("changed", "deleted", "restored", label=__("Notices of changes"))
def tell_of_changes(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Followers hear of changes, and new owners of what is theirs; of many changes at once they hear once."""
    check_again()
    about = [
        (one, rtype) for one in entries if one.about_id and one.user_id and (rtype := by_journal_type(one.about_type))
    ]
    told = [(one, rtype) for one, rtype in about if rtype.by_roles]
    levels = followers({one.about_id for one, _rtype in told if one.about_id})
    many = changed_much([one for one, _rtype in told])
    notices = [*assignments(told, many)]
    for entry, rtype in told:
        assert entry.about_id is not None
        heard = levels.get((rtype.slug, entry.about_id), {})
        if heard:
            make = notices_of_many if entry.batch in many else notices_of_change
            notices += make(entry, rtype, heard)
    notify_all(notices)


def _records_of(comments: Sequence[Comment]) -> dict[tuple[str, UUID], Any]:
    """What comments are about; one query for each type."""
    keys: dict[str, set[UUID]] = defaultdict(set)
    for one in comments:
        keys[one.about_type].add(one.about_id)
    types = [(rtype, some) for slug, some in keys.items() if (rtype := find_record_type(slug))]
    return {
        (rtype.slug, row.pk): row
        for rtype, some in types
        for row in rtype.rows().filter(pk__in=some, deleted_at=None)
    }  # fmt: skip


def _notices(
    comment: Comment, record: Any, levels: Mapping[tuple[str, UUID], Mapping[UUID, str]], who: str
) -> Iterator[Notice]:
    rtype = find_record_type(comment.about_type)
    assert rtype is not None
    said = levels.get((rtype.slug, comment.about_id), {})
    for user, reason in hearers(rtype, record, comment, said).items():
        yield Notice(
            user_id=user,
            key=f"comment {comment.pk}",
            kind="comment",
            record_type=rtype.slug,
            record_id=comment.about_id,
            source_id=comment.pk,
            who_id=comment.created_by,
            data={"who": who, "why": reason},
            is_important=reason in IMPORTANT,
        )
