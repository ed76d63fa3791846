"""The files of a record: all of them on a page, added, renamed and taken away."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from rapport.engine.collaboration.attachments import ON_A_PAGE, attach_files, files_of
from rapport.engine.collaboration.models import Attachment
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.files.actions import keep_file
from rapport.engine.files.errors import FileRefused
from rapport.engine.files.store import Incoming
from rapport.engine.records.actions import change_record, delete_records
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.filing import receive_file
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.showing import record_url
from rapport.engine.web.addresses import of_record
from rapport.engine.web.once import form_key, made_before
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.presenting import title_shown
from rapport.engine.web.views.toasts import say, warn
from rapport.engine.web.views.undoing import back

MOST = 20  # files at once


@require_http_methods(["GET", "HEAD", "POST"])
def files_page(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """All files of a record; more are added here."""
    rtype = find_type(request, slug)
    record = find_record(request, rtype, key)
    if request.method == "POST":
        return _add(request, rtype, record)
    actor = actor_of(request)
    before = read_id(request.GET.get("before", ""))
    found = files_of(actor, record.pk, most=ON_A_PAGE + 1, before=before)
    here = of_record("collaboration:files", rtype.slug, record.pk)
    shown = found[:ON_A_PAGE]
    context = {
        "title": title_shown(actor, rtype, record),
        "back_url": record_url(rtype, record.pk),
        "data": {"files": shown, "may_change": record.may_change and not record.is_deleted, "add_url": here},
        "form_key": form_key(actor),
        "next_url": f"{here}?before={shown[-1]['id']}" if len(found) > ON_A_PAGE else None,
    }
    return render(request, "collaboration/files.html", context)


@require_POST
def rename(request: HttpRequest, key: UUID) -> HttpResponse:
    """Call what is attached something else."""
    actor, one = actor_of(request), _find(request, key)
    try:
        with open_act(actor) as act:
            change_record(act, record_type("attachments"), one, {"name": request.POST.get("name", "")})
        say(request, _("The file is called %(name)s now.") % {"name": one.name}, undo=act.batch)
    except ValidationFailed as refused:
        warn(request, "; ".join(refused.errors.values()))
    return redirect(back(request, _home(one)))


@require_POST
def delete(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a file away from its record."""
    actor, one = actor_of(request), _find(request, key)
    with open_act(actor) as act:
        delete_records(act, record_type("attachments"), [one])
    say(request, _("%(name)s was taken away.") % {"name": one.name}, undo=act.batch)
    return redirect(back(request, _home(one)))


def _add(request: HttpRequest, rtype: RecordType, record: Any) -> HttpResponse:
    """Attach all that was sent, or nothing of it."""
    sent = request.FILES.getlist("file")
    page = redirect(back(request, record_url(rtype, record.pk)))
    if not sent or len(sent) > MOST:
        warn(request, _("Choose a file first.") if not sent else _("At most %(most)d files at once.") % {"most": MOST})
        return page
    try:
        with ExitStack() as arriving:
            arrived = [arriving.enter_context(receive_file(one, name=one.name or "")) for one in sent]
            batch = _attach(request, actor_of(request), (rtype, record), arrived)
    except FileRefused as refused:
        warn(request, str(refused))
    except ValidationFailed as refused:
        warn(request, "; ".join(refused.errors.values()))
    else:
        words = ngettext("%(num)d file was attached.", "%(num)d files were attached.", len(arrived))
        say(request, words % {"num": len(arrived)}, undo=batch)
    return page


def _attach(
    request: HttpRequest, actor: Actor, place: tuple[RecordType, Any], arrived: Sequence[Incoming]
) -> UUID | None:
    """The batch in which they were attached. Files are kept in a batch of their own, which undo leaves alone."""
    rtype, record = place
    with transaction.atomic():
        made, batch = made_before(request, actor, record_type("attachments"), [one.sha256 for one in arrived])
        if made:
            return batch
        with open_act(actor, reason=_("Upload")) as act:
            files = [keep_file(act, one) for one in arrived]
        with open_act(actor, batch=batch) as act:
            attach_files(act, rtype, record, files)
        return act.batch


def _find(request: HttpRequest, key: UUID) -> Attachment:
    one: Attachment | None = visible(actor_of(request), record_type("attachments")).filter(pk=key).first()
    if one is None:
        raise Http404(_("This file is not here, or not for you to see."))
    return one


def _home(one: Attachment) -> str:
    return record_url(record_type(one.about_type), one.about_id)
