"""Writing and deleting notes on a record's page."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.activities.actions import write_note as write
from rapport.engine.collaboration.views.talking import refs_of
from rapport.engine.events.act import open_act
from rapport.engine.records.actions import delete_records
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import record_type
from rapport.engine.records.showing import record_url
from rapport.engine.web.once import made_before
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.toasts import say, warn
from rapport.engine.web.views.undoing import back


@require_POST
def write_note(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Add a note and go back to the record, or to the list beside which it stands open."""
    rtype = find_type(request, slug)
    record = find_record(request, rtype, key)
    actor = actor_of(request)
    try:
        with transaction.atomic():
            made, batch = made_before(request, actor, record_type("notes"))
            if not made:
                with open_act(actor, batch=batch) as act:
                    write(act, rtype, record, text=request.POST.get("text", ""), refs=refs_of(request))
                batch = act.batch
        say(request, _("The note was saved."), undo=batch)
    except ValidationFailed as error:
        warn(request, "; ".join(error.errors.values()))
    return redirect(back(request, record_url(rtype, record.pk)))


@require_POST
def delete_note(request: HttpRequest, key: UUID) -> HttpResponse:
    """Delete a note and go back to its record, or to the list beside which that stands open."""
    actor = actor_of(request)
    notes = record_type("notes")
    note = visible(actor, notes).filter(pk=key).first()
    if note is None:
        raise Http404
    with open_act(actor) as act:
        delete_records(act, notes, [note])
    say(request, _("The note was deleted."), undo=act.batch)
    return redirect(back(request, record_url(record_type(note.about_type), note.about_id)))
