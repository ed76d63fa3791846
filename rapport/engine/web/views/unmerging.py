"""Taking a merge apart: what comes back, and where that goes which came later."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.records import merging
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import mask
from rapport.engine.records.registry import RecordType
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.presenting import face, present, record_url, title_shown
from rapport.engine.web.views.toasts import say, warn

GOES = "goes."


@require_http_methods(["GET", "HEAD", "POST"])
def unmerge_page(request: HttpRequest, slug: str, key: UUID, merge: UUID) -> HttpResponse:
    """GET shows what a merge took in and what came later; POST takes it apart, with `goes.<what>` as chosen."""
    rtype = find_type(request, slug, "change")
    row = find_record(request, rtype, key)
    one = merging.find_merge(rtype, row.pk, merge)
    if one is None:
        raise Http404(_("There is no such merge."))
    if one.is_deleted:
        warn(request, merging.why_not(actor_of(request), one))
        return redirect(record_url(rtype, row.pk))
    if request.method != "POST":
        return _page(request, rtype, row, one)
    goes = {
        name.removeprefix(GOES): to
        for name, given in request.POST.items()
        if name.startswith(GOES) and (to := read_id(given))
    }
    try:
        with open_act(actor_of(request)) as act:
            outcome = merging.unmerge(act, one, goes=goes)
    except ValidationFailed as failed:
        return _page(request, rtype, row, one, errors=list(failed.errors.values()))
    words = ngettext("%(count)d record is back.", "%(count)d records are back.", len(one.losers)) % {
        "count": len(one.losers)
    }
    if outcome.kept:
        more = ngettext("%(kept)d change of others was kept.", "%(kept)d changes of others were kept.", outcome.kept)
        words = f"{words} {more % {'kept': outcome.kept}}"
    say(request, words, undo=act.batch)
    return redirect(record_url(rtype, row.pk))


def _page(
    request: HttpRequest, rtype: RecordType, row: Any, one: merging.Merge, *, errors: list[str] | None = None
) -> HttpResponse:
    actor = actor_of(request)
    back = _coming_back(actor, rtype, one)
    context = {
        "rtype": rtype,
        "title": title_shown(actor, rtype, row),
        "back_url": record_url(rtype, row.pk),
        "merge": one,
        "back": back,
        "errors": errors or [],
        **_later(actor, rtype, one),
    }
    return render(request, "web/merging/unmerge.html", context, status=422 if errors else 200)


def _coming_back(actor: Actor, rtype: RecordType, one: merging.Merge) -> list[dict[str, Any]]:
    """The records that a merge took in, by what they were called."""
    shows = mask(actor, rtype).shows(rtype.title)
    titles = merging.titles_of_merged(rtype, one.losers) if shows else dict.fromkeys(one.losers, str(rtype.label))
    return [{"id": key, "title": text, "face": face(text, key, square=rtype.square)} for key, text in titles.items()]


def _later(actor: Actor, rtype: RecordType, one: merging.Merge) -> dict[str, Any]:
    later = merging.came_later(actor, one)
    [values] = present(actor, [item.field for item in later.fields], [{i.field.slug: i.value for i in later.fields}])
    return {
        "fields": [{"item": i, "name": GOES + i.name, "value": values[i.field.slug]} for i in later.fields],
        "children": [
            {"item": i, "name": f"{GOES}{i.rtype.slug}:{i.record.pk}", "what": i.rtype.label} for i in later.children
        ],
        "more": later.more,
    }
