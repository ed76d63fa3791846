"""What was said about a record, in threads: a stretch of it, with names, and with what its reader may do to each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from markupsafe import Markup

from rapport.engine.collaboration.assigning import Assigned, assigned_of
from rapport.engine.collaboration.models import Comment
from rapport.engine.collaboration.wording import shown
from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import definitions
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.showing import face

PAGE = 30
MOST_AGAIN = 200  # threads of a stretch that is read again
MOST_ANSWERS = 300  # of one stretch


@dataclass
class Said:
    """One comment as pages show it. `is_gone`: it was deleted, but stands for the answers to it."""

    comment: Comment
    who: str
    face: dict[str, Any]
    html: Markup
    is_mine: bool
    may_delete: bool
    is_gone: bool = False
    assigned: Assigned | None = None
    answers: list["Said"] = field(default_factory=list)

    @property
    def is_edited(self) -> bool:
        return self.comment.changed_at > self.comment.created_at and not self.is_gone


@dataclass
class Stretch:
    """Threads, the newest last, and the id before which there are earlier ones; None at the beginning."""

    threads: list[Said]
    before: UUID | None


def stretch(
    actor: Actor, rtype: RecordType, key: UUID, *, before: UUID | None = None, since: UUID | None = None
) -> Stretch:
    """The newest threads about a record, those before one, or to read a stretch again all since its first one.

    The caller has found the record through the gate.
    """
    comments = record_type("comments")
    seen = visible(actor, comments).filter(about_type=rtype.slug, about_id=key)
    answered = Exists(Comment._default_manager.filter(thread=OuterRef("pk"), deleted_at=None))
    gone = comments.rows().filter(about_type=rtype.slug, about_id=key, deleted_at__isnull=False)
    roots = seen.filter(thread=None) | gone.filter(Q(answered), thread=None)
    if before is not None:
        roots = roots.filter(pk__lt=before)
    most = PAGE
    if since is not None:
        roots, most = roots.filter(pk__gte=since), MOST_AGAIN
    rows = list(roots.order_by("-pk")[: most + 1])
    firsts = rows[:most][::-1]
    answers = list(seen.filter(thread__in=[one.pk for one in firsts]).order_by("pk")[:MOST_ANSWERS]) if firsts else []
    return Stretch(_threads(actor, firsts, answers), firsts[0].pk if len(rows) > most else None)


def one_said(actor: Actor, comment: Comment) -> Said:
    """A single comment."""
    return _said(actor, [comment])[0]


def _threads(actor: Actor, firsts: Sequence[Comment], answers: Sequence[Comment]) -> list[Said]:
    every = _said(actor, [*firsts, *answers])
    threads = {one.comment.pk: one for one in every[: len(firsts)]}
    for one in every[len(firsts) :]:
        if one.comment.thread_id:
            threads[one.comment.thread_id].answers.append(one)
    return list(threads.values())


def _said(actor: Actor, comments: Sequence[Comment]) -> list[Said]:
    """Comments in words; of those that were deleted nothing is told."""
    texts = shown(actor, ["" if one.is_deleted else one.text for one in comments])
    names, assigned = definitions().user_names, assigned_of(actor, [one.pk for one in comments])
    found = []
    for one, html in zip(comments, texts, strict=True):
        who = names.get(one.created_by, "Rapport") if one.created_by else "Rapport"
        is_mine = one.created_by == actor.user_id and not one.is_deleted and actor.onlooker is None
        may_delete = is_mine or (actor.is_admin and not one.is_deleted)
        picture = face(who, one.created_by or one.pk)
        found.append(Said(one, who, picture, html, is_mine, may_delete, one.is_deleted, assigned.get(one.pk)))
    return found
