"""Whom a comment concerns: those it mentions, those of the conversation and the thread, and who follows the record."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from django.db.models import Q

from rapport.engine.accounts.notifications import Notice
from rapport.engine.collaboration.following import Level, people_of
from rapport.engine.collaboration.models import Comment, Follow
from rapport.engine.collaboration.notices.audience import Audience, Following, Key, audience, followings
from rapport.engine.records.registry import find_record_type

MENTION, SAID, ANSWER, COMMENT = "mention", "said", "answer", "comment"
Reasons = dict[UUID, str]
Threads = Mapping[UUID, set[tuple[UUID, UUID]]]


def notices_of(new: Sequence[Comment], edited: Sequence[Comment]) -> tuple[list[Notice], list[Follow]]:
    """What users are told of comments, each once for the strongest reason; of edited ones whom they mention now.

    Also the follows that come of it: who says something, or is mentioned by name, hears from then on what matters.
    """
    comments = [one for one in (*new, *edited) if _is_told(one)]
    records = followings({_record(one) for one in comments})
    comments = [one for one in comments if _record(one) in records]
    fresh, threads = {one.pk for one in new}, _threads(new)
    follows: list[Follow] = []
    reasons: dict[UUID, Reasons] = {}
    for one in sorted(comments, key=lambda one: one.pk):
        following = records[_record(one)]
        reasons[one.pk] = _reasons(one, following, threads) if one.pk in fresh else _mentioned(one)
        reasons[one.pk].pop(one.created_by, None)  # type: ignore[arg-type]  # None is no key
        follows += _followed(one, following)
    seen = audience(_concerned(comments, reasons), records)
    notices = [notice for one in comments for notice in _notices(one, reasons[one.pk], seen)]
    return notices, [one for one in follows if one.user_id in seen.seeing[one.record_type, one.record_id]]


def _is_told(comment: Comment) -> bool:
    rtype = find_record_type(comment.about_type)
    return not comment.is_deleted and rtype is not None and not rtype.sees_as


def _record(comment: Comment) -> Key:
    return comment.about_type, comment.about_id


def _threads(comments: Iterable[Comment]) -> Threads:
    """By the comment that began each thread, the comments in it and who said them."""
    roots = {one.thread_id for one in comments if one.thread_id}
    found: dict[UUID, set[tuple[UUID, UUID]]] = defaultdict(set)
    if roots:
        said = Comment._default_manager.filter(Q(pk__in=roots) | Q(thread__in=roots), deleted_at=None)
        for key, root, who in said.values_list("pk", "thread_id", "created_by"):
            if who:
                found[root or key].add((key, who))
    return found


def _reasons(comment: Comment, following: Following, threads: Threads) -> Reasons:
    """Why each of them is told: the strongest reason."""
    reasons = _mentioned(comment)
    hearing = following.hear(is_important=True)
    if following.rtype.members:
        return dict.fromkeys(hearing, SAID) | reasons
    thread = threads.get(comment.thread_id, set()) if comment.thread_id else set()
    answered = {who for key, who in thread if key < comment.pk and following.said.get(who) != Level.MENTIONS}
    return dict.fromkeys(hearing, COMMENT) | dict.fromkeys(answered, ANSWER) | reasons


def _mentioned(comment: Comment) -> Reasons:
    return dict.fromkeys((user for holder in comment.mentions for user in people_of(holder)), MENTION)


def _followed(comment: Comment, following: Following) -> Iterator[Follow]:
    """Once in all: who stopped following is not made to follow again."""
    if following.rtype.members:
        return
    for user in dict.fromkeys([comment.created_by, *comment.mentions]):
        if user and user not in following.once and user not in following.levels:
            following.once.add(user)
            following.levels[user] = Level.IMPORTANT
            slug, key = _record(comment)
            yield Follow(user_id=user, record_type=slug, record_id=key, level=Level.IMPORTANT)


def _concerned(comments: Iterable[Comment], reasons: Mapping[UUID, Reasons]) -> dict[Key, set[UUID]]:
    found: dict[Key, set[UUID]] = defaultdict(set)
    for one in comments:
        found[_record(one)] |= {*reasons[one.pk], *one.mentions, *([one.created_by] if one.created_by else ())}
    return found


def _notices(comment: Comment, reasons: Reasons, seen: Audience) -> Iterator[Notice]:
    record = _record(comment)
    for user in reasons.keys() & seen.seeing[record]:
        yield Notice(
            user_id=user,
            key=f"comment {comment.pk}",
            kind=reasons[user],
            record_type=record[0],
            record_id=record[1],
            source_id=comment.pk,
            who_id=comment.created_by,
            seen=user in seen.looking.get(record, ()),
        )
