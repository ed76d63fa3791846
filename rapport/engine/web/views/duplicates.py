"""The inbox of duplicates: records that look like one, why, and what is done with them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.jobs.queries import last_job
from rapport.engine.records import merging
from rapport.engine.records.duplicates import doors
from rapport.engine.records.duplicates.jobs import find_duplicates
from rapport.engine.records.errors import Invalid, ValidationFailed
from rapport.engine.records.gate import may, visible
from rapport.engine.records.registry import RecordType, record_types
from rapport.engine.web.addresses import address
from rapport.engine.web.clusters import show
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.toasts import say, warn


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The inbox of the first type that the reader sees."""
    tabs = _tabs(actor_of(request))
    if not tabs:
        raise Http404(_("Nothing of these can be compared."))
    return redirect(tabs[0]["url"])


@require_safe
def inbox_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Clusters that the reader sees, strongest first."""
    rtype = _find(request, slug)
    actor = actor_of(request)
    found = doors.clusters_for(actor, rtype, cursor=request.GET.get("cursor", ""))
    here = address("web:duplicates", rtype.slug)
    context = {
        "rtype": rtype,
        "tabs": _tabs(actor, rtype),
        "clusters": show(actor, rtype, found.items),
        "next_url": f"{here}?cursor={found.next}" if found.next else "",
        "first_url": here if request.GET.get("cursor") else "",
        "scan": doors.scan_state(rtype),
        "is_looking": _is_looking(rtype),
        "may_merge": may(actor, rtype, "change") and may(actor, rtype, "delete"),
        "may_say": may(actor, rtype, "change"),
        "is_admin": actor.is_admin,
        "merges_certain": doors.merges_certain(rtype),
    }
    return render(request, "web/merging/inbox.html", context)


@require_POST
def not_the_same(request: HttpRequest, slug: str) -> HttpResponse:
    """Remember for ever that the records sent as `id` are not the same."""
    rtype = _find(request, slug)
    try:
        with open_act(actor_of(request)) as act:
            made = doors.not_the_same(act, rtype, _keys(request))
    except Invalid as refused:
        warn(request, str(refused))
        return redirect("web:duplicates", rtype.slug)
    if made:
        say(request, _("They are kept apart from now on."), undo=act.batch)
    return redirect("web:duplicates", rtype.slug)


@require_POST
def merge_as_suggested(request: HttpRequest, slug: str) -> HttpResponse:
    """Merge the records sent as `id`, each field by the suggestion."""
    rtype = _find(request, slug)
    actor, keys = actor_of(request), _keys(request)
    rows = list(visible(actor, rtype).filter(pk__in=keys))
    try:
        with open_act(actor) as act:
            merge = merging.merge_records(act, rtype, rows, survivor=_survivor(actor, rtype, rows))
    except ValidationFailed as failed:
        warn(request, " ".join(failed.errors.values()))
        return redirect("web:duplicates", rtype.slug)
    count = len(merge.losers) + 1
    words = ngettext("%(count)d record is one now: %(title)s.", "%(count)d records are one now: %(title)s.", count)
    title = next((rtype.title_of(row) for row in rows if row.pk == merge.survivor), "") or rtype.label
    say(request, words % {"count": count, "title": title}, undo=act.batch)
    return redirect("web:duplicates", rtype.slug)


@require_POST
def look_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Have all records of a type compared anew."""
    rtype = _find(request, slug)
    doors.request_scan(actor_of(request), rtype)
    return redirect("web:duplicates", rtype.slug)


@require_POST
def set_automatic(request: HttpRequest, slug: str) -> HttpResponse:
    """Say whether certain duplicates are merged by themselves."""
    rtype = _find(request, slug)
    merges = request.POST.get("merges") == "yes"
    with open_act(actor_of(request)) as act:
        doors.set_merging(act, rtype, merges=merges)
    words = _("Certain duplicates are merged by themselves.") if merges else _("Nothing is merged by itself.")
    say(request, words, undo=act.batch)
    return redirect("web:duplicates", rtype.slug)


def _find(request: HttpRequest, slug: str) -> RecordType:
    rtype = find_type(request, slug)
    if not doors.finds_duplicates(rtype):
        raise Http404(_("Nothing of these can be compared."))
    return rtype


def _keys(request: HttpRequest) -> list[UUID]:
    return list(dict.fromkeys(key for text in request.POST.getlist("id") if (key := read_id(text))))


def _survivor(actor: Actor, rtype: RecordType, rows: Sequence[Any]) -> UUID:
    survivor: UUID = merging.propose(actor, rtype, rows).survivor.pk
    return survivor


def _is_looking(rtype: RecordType) -> bool:
    run = last_job(find_duplicates.name, record_type=rtype.slug)
    return run is not None and run.state in ("waiting", "running")


def _tabs(actor: Actor, here: RecordType | None = None) -> list[dict[str, Any]]:
    kinds = [one for one in record_types() if one.section is not None and doors.finds_duplicates(one)]
    return [
        {
            "label": str(one.label_plural).capitalize(),
            "url": address("web:duplicates", one.slug),
            "on": one is here,
        }
        for one in sorted(kinds, key=lambda one: one.place)
        if may(actor, one, "read")
    ]
