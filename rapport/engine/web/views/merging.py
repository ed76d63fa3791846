"""Merging records: side by side, with a choice for each field in which they differ."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.records import merging
from rapport.engine.records.errors import EditConflict, ValidationFailed
from rapport.engine.records.gate import visible
from rapport.engine.records.gate.rights import with_rights
from rapport.engine.records.registry import RecordType
from rapport.engine.records.search import search
from rapport.engine.web.addresses import address, of_record, read_number
from rapport.engine.web.side_by_side import heads, read_takes, rows_of
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.presenting import record_url, title_shown
from rapport.engine.web.views.toasts import say, warn

FOUND = 8


@require_http_methods(["GET", "HEAD", "POST"])
def merge_page(request: HttpRequest, slug: str) -> HttpResponse:
    """GET shows the records named by `ids` side by side; POST merges them, or with `id` alone leads there from a list.

    `q` looks for one more to merge with. What was changed since it was shown is shown again, not merged.
    """
    rtype = find_type(request, slug, "change")
    if request.method == "POST" and "stays" not in request.POST:
        return redirect(merge_url(rtype, request.POST.getlist("id")))
    actor = actor_of(request)
    rows = _asked(request, actor, rtype)
    if request.method == "POST":
        return _merge(request, actor, rtype, rows)
    return _page(request, actor, rtype, rows)


def merge_url(rtype: RecordType, keys: Sequence[Any]) -> str:
    """The page on which these records are merged."""
    return f"{address('web:merge', rtype.slug)}?ids={','.join(dict.fromkeys(map(str, keys)))}"


def _asked(request: HttpRequest, actor: Actor, rtype: RecordType) -> list[Any]:
    """The records of the address that are there, in its order."""
    texts = request.GET.get("ids", "").split(",")
    keys = list(dict.fromkeys(key for text in texts if (key := read_id(text))))[: merging.MOST + 1]
    found = {row.pk: row for row in with_rights(actor, rtype, visible(actor, rtype).filter(pk__in=keys))}
    return [found[key] for key in keys if key in found]


def _merge(request: HttpRequest, actor: Actor, rtype: RecordType, rows: list[Any]) -> HttpResponse:
    stays = read_id(request.POST.get("stays", ""))
    versions = {row.pk: read_number(request.POST.get(f"version.{row.pk}", "")) or 0 for row in rows}
    if stays is None:
        return _page(request, actor, rtype, rows, errors=[_("Say which record stays.")])
    try:
        with open_act(actor) as act:
            merging.merge_records(act, rtype, rows, survivor=stays, takes=read_takes(request.POST), versions=versions)
    except EditConflict:
        warn(request, _("Something was changed meanwhile, so nothing was merged. Look again."))
        return redirect(merge_url(rtype, [row.pk for row in rows]))
    except ValidationFailed as failed:
        return _page(request, actor, rtype, rows, errors=list(failed.errors.values()))
    count = len(rows) - 1
    words = ngettext(
        "%(count)d record was merged into this one.", "%(count)d records were merged into this one.", count
    )
    say(request, words % {"count": count}, undo=act.batch)
    return redirect(record_url(rtype, stays))


def _told(count: int) -> str:
    words = ngettext(
        "%(count)d record was merged into this one.", "%(count)d records were merged into this one.", count
    )
    return words % {"count": count}


def _page(
    request: HttpRequest, actor: Actor, rtype: RecordType, rows: list[Any], *, errors: Sequence[str] = ()
) -> HttpResponse:
    context: dict[str, Any] = {
        "rtype": rtype,
        "errors": errors,
        "ids": ",".join(str(row.pk) for row in rows),
        "back_url": record_url(rtype, rows[0].pk) if len(rows) == 1 else address("web:list", rtype.slug),
        "gone": _gone(request, rows),
        **_search(request, actor, rtype, rows),
    }
    if len(rows) > 1:
        context |= _side_by_side(request, actor, rtype, rows)
    elif rows:
        context |= {"alone": title_shown(actor, rtype, rows[0]), "before": _before(rtype, rows[0])}
    return render(request, "web/merging/merge.html", context, status=422 if errors else 200)


def _side_by_side(request: HttpRequest, actor: Actor, rtype: RecordType, rows: list[Any]) -> dict[str, Any]:
    try:
        proposal = merging.propose(actor, rtype, rows)
    except ValidationFailed as failed:
        return {"errors": list(failed.errors.values())}
    stays = read_id(request.POST.get("stays", "")) or proposal.survivor.pk
    shown = rows_of(actor, proposal, read_takes(request.POST))
    return {
        "heads": heads(actor, proposal, stays),
        "differing": [one for one in shown if one.differs],
        "same": [one for one in shown if not one.differs and one.value not in (None, False)],
        "follows": proposal.follows,
        "warnings": proposal.warnings,
        "all": merging.ALL,
    }


def _gone(request: HttpRequest, rows: list[Any]) -> int:
    """How many of the records of the address are not there any more, or not for the reader to see."""
    return len({text for text in request.GET.get("ids", "").split(",") if read_id(text)}) - len(rows)


def _search(request: HttpRequest, actor: Actor, rtype: RecordType, rows: list[Any]) -> dict[str, Any]:
    """What was looked for to be merged too, and what was found."""
    asked, here = request.GET.get("q", "").strip()[:200], [row.pk for row in rows]
    if not asked:
        return {"asked": "", "found": []}
    groups = [group for group in search(actor, asked, limit=FOUND + len(here)).groups if group.type == rtype.slug]
    found = [one for group in groups for one in group.results if one.id not in here][:FOUND]
    return {"asked": asked, "found": [{"result": one, "url": merge_url(rtype, [*here, one.id])} for one in found]}


def _before(rtype: RecordType, row: Any) -> list[dict[str, Any]]:
    """The merges into a record that are in force, each with the page that takes it apart."""
    return [
        {"merge": one, "count": len(one.losers), "url": of_record("web:unmerge", rtype.slug, row.pk, one.pk)}
        for one in merging.merges_into(rtype, row.pk)
    ]
