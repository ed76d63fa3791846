"""How conversations and comments appear everywhere."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.collaboration.mentions import kept
from rapport.engine.collaboration.models import Comment, Conversation
from rapport.engine.collaboration.models.conversation import key_of
from rapport.engine.collaboration.seeing import about_of, refuse_unseen
from rapport.engine.events.journal import Subject
from rapport.engine.events.turns import take_turns
from rapport.engine.records.declare import field
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.registry import RecordType, record_type, register

LONGEST = 20_000  # characters of a comment


def about_subjects(rows: Sequence[Any]) -> Mapping[UUID, list[Subject]]:
    """What is said about a record belongs to its story."""
    return {row.pk: [Subject(record_type(row.about_type).journal_type, row.about_id, "parent")] for row in rows}


def refuse_twins(row: Conversation | None, values: dict[str, Any]) -> dict[str, Any]:
    """There is one conversation of the same members, but for those with a name of their own."""
    name, members = (values.get(one, getattr(row, one, empty)) for one, empty in (("name", ""), ("members", [])))
    take_turns(f"conversation {key_of(members)}")
    others = Conversation._default_manager.filter(key=key_of(members), deleted_at=None)
    if not name and members and any(other.pk != (row.pk if row else None) for other in others):
        raise ValidationFailed(
            {"members": _("There is a conversation of these members already; give this one a name.")}
        )
    return values


def complete_comment(row: Comment | None, values: dict[str, Any]) -> dict[str, Any]:
    """Mentions as ids; an answer stands in the thread of what it answers, and about the same record."""
    if "text" in values:
        if len(values["text"]) > LONGEST:
            words = _("A comment has at most %(limit)d characters; this one has %(length)d.")
            raise ValidationFailed({"text": words % {"limit": LONGEST, "length": len(values["text"])}})
        values = values | {"text": kept(values["text"])}
        refuse_unseen(values["text"], *about_of(row, values))
    if row is None and (asked := values.get("thread")):
        values = values | {"thread": _thread_of(asked, values)}
    return values


def _thread_of(asked: UUID, values: dict[str, Any]) -> UUID:
    """The comment that began the thread of another one. Raises ValidationFailed."""
    first = Comment._default_manager.filter(pk=asked, deleted_at=None).first()
    if first is None or (first.about_type, first.about_id) != about_of(None, values):
        raise ValidationFailed({"thread": _("The comment that this answers is not there any more.")})
    return first.thread_id or first.pk


ConversationType = register(
    RecordType(
        slug="conversations",
        model=Conversation,
        label=__("conversation"),
        label_plural=__("conversations"),
        icon="chat",
        section="together",
        place=60,
        members="members",
        fields=[
            field("name", __("Name"), "text", fold="name_fold", sort=True, search=True),
            field("members", __("Members"), "members", required=True, default="me"),
        ],
        columns=("name", "members", "created_at"),
        phone_columns=("members", "created_at"),
        complete=refuse_twins,
    )
)

CommentType = register(
    RecordType(
        slug="comments",
        model=Comment,
        label=__("comment"),
        label_plural=__("comments"),
        icon="chat",
        section=None,
        title="text",
        sees_as="*",
        spoken=True,
        parent_column="about_id",
        fields=[
            field("text", __("Comment"), "long_text", required=True, search=True, personal="content"),
            field("about_type", __("About (type)"), "text", required=True, immutable=True),
            field("about_id", __("About (id)"), "text", required=True, immutable=True),
            field("thread", __("Answers"), "relation", column="thread_id", target="comments", immutable=True),
            field("call", __("Video call"), "link", readonly=True),
        ],
        columns=("text", "about_type", "about_id"),
        subjects=about_subjects,
        complete=complete_comment,
    )
)
