"""Notes in words: sanitised for showing, with mentions as names, on the timeline and in the composer."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import nh3
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from rapport.activities.models import Note
from rapport.engine.collaboration.views.shown import offers_url
from rapport.engine.collaboration.wording import shown
from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.timeline import Item
from rapport.engine.web.addresses import of_record
from rapport.engine.web.once import form_key

ALLOWED_TAGS = {"p", "br", "b", "strong", "i", "em", "u", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h3"}
LOOKS_LIKE_HTML = re.compile(r"</?(p|br|b|strong|i|em|ul|ol|li|a|blockquote|h3)\b[^>]*>", re.IGNORECASE)


def cleaned(text: str) -> str:
    """A note as safe HTML. Plain text keeps its lines."""
    html = text if LOOKS_LIKE_HTML.search(text) else escape(text).replace("\n", "<br>")
    return nh3.clean(
        html, tags=ALLOWED_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto", "tel"}
    )


def compose_note(actor: Actor, rtype: RecordType, row: Any) -> dict[str, Any] | None:
    """The place to write a note on a record."""
    if not row.may_change:
        return None
    return {
        "name": "note",
        "label": _("Note"),
        "icon": "note",
        "template": "activities/composer.html",
        "url": of_record("activities:write-note", rtype.slug, row.pk),
        "draft_key": f"note:{row.pk}",
        "form_key": form_key(actor),
        "offers_url": offers_url(),
    }


def tell_notes(actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """Notes on a timeline with their text; a deleted note tells only that it was there."""
    keys = [item.about_id for item in items]
    notes: dict[UUID, Note] = {note.pk: note for note in visible(actor, record_type("notes")).filter(pk__in=keys)}
    texts = dict(zip(notes, shown(actor, [note.text for note in notes.values()], cleaned), strict=True))
    told = {}
    for item in items:
        note = notes.get(item.about_id) if item.about_id else None
        told[item.id] = {
            "icon": "note",
            "text": _("wrote a note") if note else _("wrote a note that was deleted since"),
            "about": None,
            "body_html": texts[note.pk] if note else None,
            "delete_url": reverse("activities:delete-note", args=[note.pk]) if note else None,
        }
    return told
