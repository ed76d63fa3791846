"""What notices of this room say, made when they are read: by the names and values that their reader may see."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.accounts.models import Notification
from rapport.engine.accounts.notifications import Told, register_muting, register_teller
from rapport.engine.collaboration.follows import hear_less
from rapport.engine.collaboration.models import Comment
from rapport.engine.collaboration.wording import plain_text
from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.registry import find_record_type, record_type
from rapport.engine.records.showing import record_url

EXCERPT = 400  # characters
OF_COMMENTS = {
    "mention": __("%(who)s mentioned you"),
    "message": __("%(who)s wrote to you"),
    "answer": __("%(who)s answered"),
    "owner": __("%(who)s commented"),
    "comment": __("%(who)s commented"),
}
OF_CHANGES = {"deleted": __("%(who)s deleted this"), "restored": __("%(who)s restored this")}


def words_of_comments(actor: Actor, notices: Sequence[Notification]) -> Mapping[int, Told]:
    """Who said what; nothing of a comment that is gone or that the reader cannot see any more."""
    keys = [one.source_id for one in notices if one.source_id]
    comments: dict[object, Comment] = {
        one.pk: one for one in visible(actor, record_type("comments")).filter(pk__in=keys)
    }
    texts = dict(zip(comments, plain_text(actor, [_short(one.text) for one in comments.values()]), strict=True))
    return {
        one.pk: Told(
            OF_COMMENTS.get(one.data.get("why", ""), OF_COMMENTS["comment"]) % {"who": one.data.get("who", "")},
            texts[one.source_id],
            comment_url(comments[one.source_id]),
        )
        for one in notices
        if one.source_id in comments
    }


def words_of_changes(actor: Actor, notices: Sequence[Notification]) -> Mapping[int, Told]:
    """Who changed which fields, of those that the reader sees; nothing where it sees none of them."""
    told = {}
    for one in notices:
        who = {"who": one.data.get("who", "")}
        if (words := OF_CHANGES.get(one.data.get("what", ""))) is not None:
            told[one.pk] = Told(words % who)
        elif fields := _fields(actor, one):
            told[one.pk] = Told(_("%(who)s changed %(fields)s") % {**who, "fields": fields})
    return told


def words_of_many(_actor: Actor, notices: Sequence[Notification]) -> Mapping[int, Told]:
    """That somebody changed many records at once."""
    words = _("%(who)s changed many records at once that you follow")
    return {one.pk: Told(words % {"who": one.data.get("who", "")}, one.data.get("reason", "")) for one in notices}


def words_of_assignments(_actor: Actor, notices: Sequence[Notification]) -> Mapping[int, Told]:
    """Who made the reader the owner of a record, or of several."""
    told = {}
    for one in notices:
        words = _("%(who)s made this yours") if one.record_id else _("%(who)s made several records yours")
        told[one.pk] = Told(words % {"who": one.data.get("who", "")})
    return told


def comment_url(comment: Comment) -> str:
    """Where a comment stands among the others."""
    rtype = record_type(comment.about_type)
    threads = "" if rtype.slug == "conversations" else "?kind=comments"
    return f"{record_url(rtype, comment.about_id)}{threads}#comment-{comment.pk}"


def _short(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + "…"


def _fields(actor: Actor, notice: Notification) -> str:
    rtype = find_record_type(notice.record_type)
    if rtype is None:
        return ""
    allowed = mask(actor, rtype)
    fields = [rtype.field(slug) for slug in notice.data.get("fields", ()) if allowed.shows(slug)]
    return ", ".join(str(field.label) for field in fields if field)


register_teller("comment", words_of_comments)
register_teller("change", words_of_changes)
register_teller("changes", words_of_many)
register_teller("assigned", words_of_assignments)
register_muting(hear_less)
