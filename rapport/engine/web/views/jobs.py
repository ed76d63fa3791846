"""The jobs page: what runs, what waits, what failed and why."""

from typing import cast, get_args

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.jobs import actions, queries
from rapport.engine.jobs.queries import State
from rapport.engine.web.addresses import read_number
from rapport.engine.web.views.finding import admin_of
from rapport.engine.web.views.toasts import say, warn

PAGE_SIZE = 50
STATE_LABELS = {
    "waiting": __("Waiting"),
    "running": __("Running"),
    "done": __("Done"),
    "failed": __("Failed"),
    "cancelled": __("Cancelled"),
}


@require_safe
def jobs_page(request: HttpRequest) -> HttpResponse:
    """Jobs, newest first, by state."""
    admin_of(request)
    chosen = request.GET.get("state", "")
    state = cast(State, chosen) if chosen in get_args(State) else None
    before = request.GET.get("before", "")
    rows = queries.jobs(state=state, before=read_number(before), limit=PAGE_SIZE + 1)
    counts = queries.counts()
    context = {
        "jobs": rows[:PAGE_SIZE],
        "states": [
            {"value": name, "label": STATE_LABELS[name], "count": counts[name], "on": name == state}
            for name in get_args(State)
        ],
        "state_labels": STATE_LABELS,
        "state": state,
        "next_url": f"?state={state or ''}&before={rows[PAGE_SIZE - 1].id}" if len(rows) > PAGE_SIZE else None,
        "troubles": queries.troubled_loops(),
        "is_live": any(row.state in ("running", "waiting") for row in rows),
    }
    return render(request, "web/jobs.html", context)


@require_POST
def retry_job(request: HttpRequest, job: int) -> HttpResponse:
    """Queue a failed job again."""
    admin_of(request)
    try:
        actions.retry(job)
        say(request, _("The job is queued again."))
    except actions.NotPossible as error:
        warn(request, str(error))
    return redirect("web:jobs")


@require_POST
def cancel_job(request: HttpRequest, job: int) -> HttpResponse:
    """Take a job out of the queue, or end it after its current slice."""
    admin_of(request)
    try:
        actions.cancel(job)
        say(request, _("The job will not go on."))
    except actions.NotPossible as error:
        warn(request, str(error))
    return redirect("web:jobs")
