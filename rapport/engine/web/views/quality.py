"""What there is to mend in the data, and confirming what is still right."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import may
from rapport.engine.records.quality.confirming import confirm_record
from rapport.engine.records.quality.filling import is_being_worked_out
from rapport.engine.records.quality.reading import judged_types
from rapport.engine.records.quality.showing import rules_seen
from rapport.engine.records.registry import RecordType
from rapport.engine.web.quality import numbers_context, owners_context
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.toasts import say, warn
from rapport.engine.web.views.undoing import back


@require_safe
def quality_home(request: HttpRequest) -> HttpResponse:
    """The record types that have rules; what is counted follows once the page is there."""
    return render(request, "web/quality/home.html", {"types": types_seen(actor_of(request)), "numbers": None})


@require_safe
def quality_of(request: HttpRequest, slug: str) -> HttpResponse:
    """What to mend first in the records of one type."""
    rtype = find_type(request, slug)
    actor = actor_of(request)
    if rtype not in (types := types_seen(actor)):
        raise Http404(_("There are no quality rules here."))
    is_owners = request.GET.get("part") == "owners"
    part = "web/quality/owners.html" if is_owners else "web/quality/numbers.html"
    context = owners_context(actor, rtype) if is_owners else numbers_context(actor, rtype)
    context["is_being_worked_out"] = is_being_worked_out(rtype)
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return render(request, part, context)
    return render(request, "web/quality/home.html", {"types": types, "numbers": context, "part": part, **context})


@require_POST
def confirm(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Fields of one record are still right."""
    rtype = find_type(request, slug)
    row = find_record(request, rtype, key)
    if row.is_deleted:
        raise Http404(_("This record is deleted. Restore it first."))
    here = back(request, f"/{rtype.slug}/{row.pk}/")
    try:
        with open_act(actor_of(request), reason=_("Confirmed")) as act:
            confirm_record(act, rtype, row, request.POST.getlist("field"))
    except ValidationFailed as error:
        warn(request, " ".join(error.errors.values()))
        return redirect(here)
    say(request, _("Confirmed: still right."), undo=act.batch)
    return redirect(here)


def types_seen(actor: Actor) -> list[RecordType]:
    """The record types that an actor may read and of whose rules they may know."""
    readable = [one for one in judged_types() if one.section is not None and may(actor, one, "read")]
    return sorted((one for one in readable if rules_seen(actor, one)), key=lambda one: one.place)
