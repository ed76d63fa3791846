"""The form of a bulk edit: which fields it holds, what is typed in it, and what it shows again."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.bulk.changes import ADD, CLEAR, INCREASE, REMOVE, SET, Change, changeable_fields, ways_of
from rapport.engine.records.bulk.changes import read_changes as read
from rapport.engine.records.fields import ENTRIES, Field
from rapport.engine.records.reading import reading_for
from rapport.engine.records.registry import RecordType
from rapport.engine.web.forms import raw_value

# Beside the inputs of fields, whose names are slugs.
FIELDS, ADDED, DROPPED, WAY, SEEN = "bulk.fields", "bulk.add", "bulk.drop", "bulk.way.", "bulk.seen"
BESIDES = frozenset({"csrfmiddlewaretoken", "form_key", SEEN, ADDED})


def chosen_fields(request: HttpRequest, actor: Actor, rtype: RecordType) -> list[Field]:
    """The fields that the form holds, in the order in which they were added; the address may name the first ones."""
    offered = {field.slug: field for field in changeable_fields(actor, rtype)}
    slugs = request.POST.getlist(FIELDS) if request.method == "POST" else request.GET.getlist("field")
    if "bulk.more" in request.POST:
        slugs.append(request.POST.get(ADDED, ""))
    dropped = request.POST.get(DROPPED)
    return [offered[slug] for slug in dict.fromkeys(slugs) if slug in offered and slug != dropped]


def read_changes(request: HttpRequest, actor: Actor, rtype: RecordType, fields: Sequence[Field]) -> tuple[Change, ...]:
    """What is to become of the fields. Raises ValidationFailed."""
    asked = {field.slug: (_way(request, field), raw_value(request.POST, field)) for field in fields}
    return tuple(read(rtype, asked, reading_for(actor)))


def shown_fields(request: HttpRequest, fields: Sequence[Field], errors: dict[str, str]) -> list[dict[str, Any]]:
    """The fields with what was typed, and what can be done to each."""
    words = way_words()
    return [
        {
            "field": field,
            "ways": [{"value": way, "label": _word(field, way, words)} for way in ways_of(field)],
            "way": _way(request, field),
            "value": _typed(request, field),
            "error": errors.get(field.slug, ""),
        }
        for field in fields
    ]


def way_words() -> dict[str, str]:
    """What can be done to a field, in words."""
    return {
        SET: _("Set to"), CLEAR: _("Clear"), ADD: _("Add"), REMOVE: _("Remove"), INCREASE: _("Increase by"),
    }  # fmt: skip


def digest(request: HttpRequest) -> str:
    """What the form asks for, in short: what is done must be what was looked at."""
    said = [
        f"{name}={value}"
        for name in sorted(request.POST)
        if name not in BESIDES and (not name.startswith("bulk.") or name == FIELDS or name.startswith(WAY))
        for value in request.POST.getlist(name)
    ]
    return hashlib.sha256("\0".join(said).encode(errors="replace")).hexdigest()[:32]


def _way(request: HttpRequest, field: Field) -> str:
    asked = request.POST.get(WAY + field.slug, "")
    return asked if asked in ways_of(field) else ways_of(field)[0]


def _word(field: Field, way: str, words: dict[str, str]) -> str:
    return _("Replace with") if way == SET and ADD in ways_of(field) else words[way]


def _typed(request: HttpRequest, field: Field) -> Any:
    """What was typed, without the places for more that were left empty."""
    raw = raw_value(request.POST, field)
    if field.type.name in ENTRIES and isinstance(raw, list):
        return [one for one in raw if any(value for part, value in one.items() if part not in ("primary", "kind"))]
    return field.type.empty if raw is None else raw
