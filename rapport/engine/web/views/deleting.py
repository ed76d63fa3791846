"""Deleting and restoring: each is one deed that the next page offers to take back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.engine.events.act import open_act
from rapport.engine.records.actions import delete_records, restore_records
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.presenting import record_url
from rapport.engine.web.views.toasts import say, warn
from rapport.engine.web.views.undoing import next_page


@require_POST
def delete(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Delete one record and go back to the list, as it was if the form says so."""
    rtype = find_type(request, slug, "delete")
    row = find_record(request, rtype, key)
    with open_act(actor_of(request)) as act:
        delete_records(act, rtype, [row])
    say(request, _("%(title)s was deleted.") % {"title": rtype.title_of(row) or rtype.label}, undo=act.batch)
    return redirect(next_page(request, reverse("web:list", args=[rtype.slug])))


@require_POST
def restore(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Bring a deleted record back and show it."""
    rtype = find_type(request, slug, "delete")
    row = find_record(request, rtype, key)
    try:
        with open_act(actor_of(request)) as act:
            restore_records(act, rtype, [row])
    except ValidationFailed as error:
        warn(request, "; ".join(error.errors.values()))
        return redirect(record_url(rtype, row.pk))
    say(request, _("%(title)s is back.") % {"title": rtype.title_of(row) or rtype.label}, undo=act.batch)
    return redirect(record_url(rtype, row.pk))
