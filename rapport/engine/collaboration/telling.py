"""Comments on a record's page: the place to write one, and how the timeline tells of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.collaboration.models import Comment
from rapport.engine.collaboration.views.shown import talk, writing
from rapport.engine.collaboration.wording import shown
from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.showing import record_url
from rapport.engine.records.timeline import Item
from rapport.engine.web.composers import COMPOSERS
from rapport.engine.web.views.telling import KINDS, TELLERS, Kind


def compose_comment(actor: Actor, rtype: RecordType, row: Any) -> dict[str, Any] | None:
    """The place to say something about a record, for whoever sees it."""
    if rtype.sees_as or actor.onlooker:
        return None
    return {
        **writing(actor, rtype, row),
        "name": "comment",
        "label": _("Comment"),
        "icon": "chat",
        "template": "collaboration/composer.html",
    }


def tell_comments(actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """Comments on a timeline with their text, and the way into their thread; a deleted one tells that it was there."""
    keys = [item.about_id for item in items]
    comments: dict[UUID, Comment] = {one.pk: one for one in visible(actor, record_type("comments")).filter(pk__in=keys)}
    texts = dict(zip(comments, shown(actor, [one.text for one in comments.values()]), strict=True))
    told: dict[int, dict[str, Any]] = {}
    for item in items:
        comment = comments.get(item.about_id) if item.about_id else None
        answers = bool(comment and comment.thread_id)
        text = _("answered a comment") if answers else _("commented")
        told[item.id] = {
            "icon": "chat",
            "text": text if comment else _("said something that was deleted since"),
            "about": None,
            "changes": [],
            "body_html": texts[comment.pk] if comment else None,
            "url": _place(comment) if comment else None,
            "link": _("Reply"),
        }
    return told


def _place(comment: Comment) -> str:
    home = record_url(record_type(comment.about_type), comment.about_id)
    return f"{home}?kind=comments#comment-{comment.pk}"


COMPOSERS.append(compose_comment)
TELLERS[f"created:{record_type('comments').journal_type}"] = tell_comments
KINDS["comments"] = Kind(__("Comments"), (), "collaboration/in_timeline.html", talk, "comment")
