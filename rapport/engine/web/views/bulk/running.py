"""Following a deed upon many records: how far it is, what came of it, and which records refused."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.events.undo import is_undone
from rapport.engine.records.bulk import doors
from rapport.engine.records.bulk.errors import BulkRefused
from rapport.engine.records.bulk.running import MOST_REFUSALS
from rapport.engine.records.bulk.telling import beside_words, refusals, refusals_csv
from rapport.engine.records.gate import may, require
from rapport.engine.records.models import BulkRun
from rapport.engine.records.registry import RecordType, find_record_type
from rapport.engine.web.counts import forget_counts
from rapport.engine.web.views.finding import actor_of
from rapport.engine.web.views.presenting import record_url
from rapport.engine.web.views.toasts import warn

SHOWN = 20  # records that refused


@require_safe
def run_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far it is; the page asks again by itself, and by hand without script. At the end what came of it."""
    run, rtype = _find(request, key)
    if not run.is_working:
        forget_counts()
    seconds = (timezone.now() - run.started_at).total_seconds() if run.started_at else 0.0
    speed = run.done / seconds if seconds > 0 else 0.0
    found = refusals(actor_of(request), run, SHOWN) if run.counts.get("refused") else []
    context = {
        "run": run,
        "rtype": rtype,
        "speed": round(speed),
        "seconds_left": round((run.total - run.done) / speed) if speed else None,
        "changed": run.counts.get("changed", 0),
        "beside": [{"count": run.counts.get(name, 0), "label": label} for name, label in beside_words().items()],
        "refused": [{"title": title, "reason": why, "url": record_url(rtype, one)} for one, title, why in found],
        "more_refused": run.counts.get("refused", 0) > len(found),
        "most_refused": MOST_REFUSALS,
        "export": may(actor_of(request), rtype, "export"),
        "is_undone": not run.is_working and is_undone(run.batch),
        "back_url": run.back or reverse("web:list", args=[rtype.slug]),
    }
    return render(request, "web/bulk/run.html", context)


@require_POST
def steer(request: HttpRequest, key: UUID, word: str) -> HttpResponse:
    """Cancel, or go on with what was broken off."""
    run, _rtype = _find(request, key)
    try:
        (doors.resume if word == "resume" else doors.cancel)(run)
    except BulkRefused as refused:
        warn(request, str(refused))
    return redirect("web:bulk-run", run.pk)


@require_safe
def refused_page(request: HttpRequest, key: UUID) -> StreamingHttpResponse:
    """The records that refused, with reasons, as a file."""
    run, rtype = _find(request, key)
    require(actor_of(request), rtype, "export")
    pieces = (piece.encode() for piece in refusals_csv(actor_of(request), run))
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-{run.created_at:%Y-%m-%d}.csv"'
    return answer


def _find(request: HttpRequest, key: UUID) -> tuple[BulkRun, RecordType]:
    """A run of the reader's; 404 for those of others."""
    actor = actor_of(request)
    run = doors.find_run(actor, key)
    rtype = find_record_type(run.record_type) if run else None
    if run is None or rtype is None:
        raise Http404(_("There is no such bulk edit."))
    require(actor, rtype, "read")
    return run, rtype
