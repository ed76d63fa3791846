"""The journal page: what was done, by whom, batch by batch, each with its way back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.engine.events.actor import Actor
from rapport.engine.events.images import table_of
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.undo.batches import UNDOABLE_FOR, never_undone
from rapport.engine.events.undo.steps import CHANGES
from rapport.engine.records.history import entries_seen, undone_among
from rapport.engine.records.queries.calling import calls
from rapport.engine.records.queries.labels import Label
from rapport.engine.records.registry import by_journal_type
from rapport.engine.web.addresses import read_number
from rapport.engine.web.views.finding import actor_of
from rapport.engine.web.views.presenting import pointer

PAGE_SIZE = 200  # entries; a batch of many is one line
TITLES = 5


@require_safe
def journal_page(request: HttpRequest) -> HttpResponse:
    """Batches, newest first; members see their own, administrators everybody's."""
    actor = actor_of(request)
    before = request.GET.get("before", "")
    entries = entries_seen(actor, before=read_number(before), limit=PAGE_SIZE + 1)
    shown, more = entries[:PAGE_SIZE], len(entries) > PAGE_SIZE
    context = {
        "batches": _batches(actor, shown),
        "next_url": f"?before={shown[-1].id}" if more else None,
        "everybody": actor.is_admin,
    }
    return render(request, "web/journal.html", context)


def _batches(actor: Actor, entries: Sequence[JournalEntry]) -> list[dict[str, Any]]:
    grouped: dict[UUID, list[JournalEntry]] = {}
    for entry in entries:
        grouped.setdefault(entry.batch, []).append(entry)
    undone = undone_among(grouped)
    found = calls(actor, _wanted(entries))
    return [_batch(actor, group, undone, found) for group in grouped.values()]


def _batch(actor: Actor, group: list[JournalEntry], undone: set[UUID], found: dict[UUID, Any]) -> dict[str, Any]:
    newest = group[0]
    changes = [entry for entry in group if entry.kind in CHANGES]
    keys = _one_for_each_record((entry.about_id for entry in changes if entry.about_id), found)
    mine = actor.is_admin or newest.user_id == actor.user_id
    fresh = timezone.now() - newest.at <= UNDOABLE_FOR
    return {
        "id": newest.batch,
        "when": newest.at,
        "who": newest.actor_name,
        "reason": newest.reason,
        "parts": _parts(changes),
        "titles": [pointer(found[key]) for key in keys[:TITLES]],
        "more": max(len(keys) - TITLES, 0),
        "is_undone": newest.batch in undone,
        "can_undo": mine and fresh and newest.batch not in undone and _is_undoable(changes),
    }


def _is_undoable(changes: Sequence[JournalEntry]) -> bool:
    refused = never_undone()
    return bool(changes) and all(entry.about_type not in refused for entry in changes)


def _parts(changes: Iterable[JournalEntry]) -> list[dict[str, Any]]:
    """How many of what were done what: `3 people changed`."""
    words = {"created": _("created"), "changed": _("changed"), "deleted": _("deleted"), "restored": _("restored")}
    counts: dict[tuple[str, str], int] = {}
    for entry in changes:
        counts[entry.about_type, entry.kind] = counts.get((entry.about_type, entry.kind), 0) + 1
    parts = []
    for (table, kind), count in counts.items():
        parts.append({"count": count, "what": _noun(table, count), "did": words[kind]})
    return parts


def _noun(table: str, count: int) -> str:
    """What rows of a table are called: by their record type, or by the table where it is part of the machinery."""
    if rtype := by_journal_type(table):
        return str(rtype.label if count == 1 else rtype.label_plural)
    app, _dot, name = table_of(table).partition(".")
    # The journal outlives the tables of which it tells.
    model = apps.all_models.get(app, {}).get(name)
    if model is None:
        return name
    return str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)


def _one_for_each_record(keys: Iterable[UUID], found: Mapping[UUID, Label]) -> list[UUID]:
    """A person and what belongs to them often change together; one name for all of it is enough."""
    named: dict[UUID, UUID] = {}
    for key in keys:
        if label := found.get(key):
            named.setdefault(label.id, key)
    return list(named.values())


def _wanted(entries: Iterable[JournalEntry]) -> set[tuple[str, UUID]]:
    return {
        (rtype.slug, entry.about_id)
        for entry in entries
        if entry.about_id and (rtype := by_journal_type(entry.about_type))
    }
