"""What notices of this room say: made when they are read, through the gate, in the language of their reader."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.accounts.models import Notification
from rapport.engine.accounts.notifications import Told, register_teller
from rapport.engine.collaboration.notices.changes import ASSIGNED, CHANGED, DELETED, MANY, MANY_ASSIGNED, SLICE
from rapport.engine.collaboration.notices.comments import ANSWER, COMMENT, MENTION, SAID
from rapport.engine.collaboration.wording import plain_text
from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry
from rapport.engine.records.definitions import definitions
from rapport.engine.records.gate import mask, may, visible
from rapport.engine.records.registry import find_record_type, record_type
from rapport.engine.records.showing import record_url
from rapport.engine.records.timeline import changes_of

EXCERPT = 400  # characters of a comment
NAMED = 3  # fields in a title
MOST_ENTRIES = 1000
Words = Mapping[int, Told]


def of_comments(actor: Actor, notices: Sequence[Notification]) -> Words:
    """Who said something, and what. A comment that is gone is told to nobody."""
    wanted = {one.source_id for one in notices}
    comments = {one.pk: one for one in visible(actor, record_type("comments")).filter(pk__in=wanted)}
    texts = dict(zip(comments, plain_text(actor, [one.text for one in comments.values()]), strict=True))
    return {
        one.pk: Told(_saying(one), _excerpt(texts[one.source_id]), _place(one, one.record_id))
        for one in notices
        if one.source_id in comments and one.record_id
    }


def _saying(notice: Notification) -> str:
    words = {
        MENTION: _("%(who)s mentioned you"),
        SAID: _("%(who)s wrote"),
        ANSWER: _("%(who)s answered"),
        COMMENT: _("%(who)s commented"),
    }
    return words[notice.kind] % {"who": who(notice)}


def _excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"


def _place(notice: Notification, key: UUID) -> str:
    rtype = record_type(notice.record_type)
    asked = "" if rtype.members else "?kind=comments"
    return f"{record_url(rtype, key)}{asked}#comment-{notice.source_id}"


def of_changes(actor: Actor, notices: Sequence[Notification]) -> Words:
    """Who changed which fields, as far as the reader sees them; where that is none, nothing is told."""
    fields = _fields_changed(actor, notices)
    told: dict[int, Told] = {}
    for one in notices:
        if labels := fields.get(_stretch(one)):
            names = ", ".join(labels[:NAMED]) + (" …" if len(labels) > NAMED else "")
            told[one.pk] = Told(_("%(who)s changed %(fields)s") % {"who": who(one), "fields": names})
    return told


def _stretch(notice: Notification) -> tuple[UUID | None, UUID | str, int]:
    return notice.record_id, notice.who_id or notice.data.get("who", ""), notice.data.get("slice", 0)


def _fields_changed(
    actor: Actor, notices: Sequence[Notification]
) -> dict[tuple[UUID | None, UUID | str, int], list[str]]:
    """The labels of what one person changed of one record within one slice of time: two queries for all."""
    slices = [one.data.get("slice", 0) for one in notices]
    since, until = (datetime.fromtimestamp(one * SLICE, UTC) for one in (min(slices), max(slices) + 1))
    about = {one.record_id for one in notices}
    found = JournalEntry.objects.filter(kind="changed", about_id__in=about, at__gte=since, at__lt=until)
    entries = list(found.order_by("-id")[:MOST_ENTRIES])[::-1]
    with_payloads(entries)
    types = {one.record_id: record_type(one.record_type) for one in notices}
    labels: dict[tuple[UUID | None, UUID | str, int], list[str]] = defaultdict(list)
    for entry in entries:
        rtype = types[entry.about_id]
        if rtype.journal_type != entry.about_type:
            continue
        stretch = entry.about_id, entry.user_id or entry.actor_name, int(entry.at.timestamp()) // SLICE
        known = labels[stretch]
        known += [
            label
            for one in changes_of(actor, rtype, entry.before, entry.after)
            if (label := str(one.field.label)) not in known
        ]
    return labels


def of_fates(_actor: Actor, notices: Sequence[Notification]) -> Words:
    """What became of a record. That its reader sees it has been asked."""
    words = {
        ASSIGNED: _("%(who)s made this yours"),
        "restored": _("%(who)s brought this back"),
        "merged": _("%(who)s merged others into this"),
        "unmerged": _("%(who)s took a merge apart"),
    }
    return {one.pk: Told(words[one.kind] % {"who": who(one)}) for one in notices}


def of_deleted(actor: Actor, notices: Sequence[Notification]) -> Words:
    """What was deleted, for who may see deleted records of that kind."""
    by_type: dict[str, dict[UUID, list[Notification]]] = defaultdict(lambda: defaultdict(list))
    for one in notices:
        if key := read_id(one.data.get("id")):
            by_type[one.data.get("type", "")][key].append(one)
    told: dict[int, Told] = {}
    for slug, wanted in by_type.items():
        rtype = find_record_type(slug)
        if rtype is None:
            continue
        is_named = mask(actor, rtype).shows(rtype.title)
        for row in visible(actor, rtype, deleted=None).filter(pk__in=list(wanted)):
            name = (rtype.title_of(row) if is_named else "") or rtype.label
            for one in wanted[row.pk]:
                title = _("%(who)s deleted %(name)s") % {"who": who(one), "name": name}
                told[one.pk] = Told(title, "", record_url(rtype, row.pk))
    return told


def of_many(actor: Actor, notices: Sequence[Notification]) -> Words:
    """What was done to many records at once."""
    told: dict[int, Told] = {}
    for one in notices:
        rtype = find_record_type(one.data.get("type", ""))
        if rtype is None or not may(actor, rtype, "read"):
            continue
        words = {"who": who(one), "what": rtype.label_plural}
        mine = f"/{rtype.slug}/?where={quote('owner = me')}"
        if one.kind == MANY_ASSIGNED:
            told[one.pk] = Told(_("%(who)s made several %(what)s yours") % words, "", mine)
        else:
            told[one.pk] = Told(_("%(who)s changed several %(what)s that you follow") % words, "", f"/{rtype.slug}/")
    return told


def who(notice: Notification) -> str:
    """What the one who caused it is called today."""
    names = definitions().user_names
    return (names.get(notice.who_id) if notice.who_id else "") or notice.data.get("who") or _("Somebody")


for kind in (MENTION, SAID, ANSWER, COMMENT):
    register_teller(kind, of_comments)
for kind in (ASSIGNED, "restored", "merged", "unmerged"):
    register_teller(kind, of_fates)
register_teller(CHANGED, of_changes)
register_teller(DELETED, of_deleted)
for kind in (MANY, MANY_ASSIGNED):
    register_teller(kind, of_many)
