"""The conversations of a user: the one in which something was said last comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from rapport.engine.accounts.notifications import unread_by_record
from rapport.engine.collaboration.models import Comment, Conversation
from rapport.engine.collaboration.wording import plain_text
from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import definitions
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import record_type
from rapport.engine.records.sharing import holder_names
from rapport.engine.records.showing import face, record_url

PAGE = 40
EXCERPT = 90  # characters


@dataclass(frozen=True)
class Line:
    """One conversation in the list: what it is called, and what was said last."""

    id: UUID
    title: str
    face: dict[str, Any]
    url: str
    who: str
    text: str
    last: Comment | None
    unread: int


def lines(actor: Actor, *, before: UUID | None = None) -> tuple[list[Line], UUID | None]:
    """A page of conversations, and where the next one begins; None at the end."""
    rtype = record_type("conversations")
    newest = Comment._default_manager.filter(about_type=rtype.slug, about_id=OuterRef("pk"), deleted_at=None)
    latest = Coalesce(Subquery(newest.order_by("-pk").values("pk")[:1]), F("pk"))
    rows = visible(actor, rtype).annotate(latest=latest).order_by("-latest")
    if before is not None:
        rows = rows.filter(latest__lt=before)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    return _lines(actor, shown), shown[-1].latest if len(found) > PAGE else None


def title_of(actor: Actor, conversation: Conversation, names: dict[UUID, str] | None = None) -> str:
    """What a conversation is called to one of its members: its name, or those of the others."""
    if conversation.name:
        return conversation.name
    names = holder_names() if names is None else names
    others = [one for one in conversation.members if one != actor.user_id]
    return ", ".join(names.get(one, _("somebody")) for one in others) or _("Notes to myself")


def _lines(actor: Actor, rows: Sequence[Any]) -> list[Line]:
    last = Comment._default_manager.in_bulk([row.latest for row in rows])
    texts = dict(zip(last, plain_text(actor, [one.text for one in last.values()]), strict=True))
    unread = unread_by_record(actor.user_id, "conversations") if actor.user_id else {}
    names, users = holder_names(), definitions().user_names
    found = []
    for row in rows:
        title, comment = title_of(actor, row, names), last.get(row.latest)
        text = " ".join(texts.get(row.latest, "").split())
        found.append(
            Line(
                id=row.pk,
                title=title,
                face=face(title, row.pk),
                url=record_url(record_type("conversations"), row.pk),
                who=_("You") if comment and comment.created_by == actor.user_id else _name(users, comment),
                text=text if len(text) <= EXCERPT else text[:EXCERPT] + "…",
                last=comment,
                unread=unread.get(row.pk, 0),
            )
        )
    return found


def _name(users: Any, comment: Comment | None) -> str:
    return users.get(comment.created_by, "") if comment and comment.created_by else ""
