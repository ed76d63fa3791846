"""Tasks: planned on a record's page, ticked off anywhere, and all of one's own on a page."""

from collections.abc import Callable
from itertools import groupby
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.activities.models import Task
from rapport.activities.task_actions import add_task as add
from rapport.activities.task_actions import finish_task, reopen_task
from rapport.activities.tasks import GROUPS, my_tasks
from rapport.engine.events.act import Act, open_act
from rapport.engine.records.actions import delete_records
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import record_type
from rapport.engine.records.showing import record_url
from rapport.engine.web.addresses import address
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.toasts import say, warn
from rapport.engine.web.views.undoing import back

ASKED = ("title", "assignee", "due_on")


@require_safe
def my_tasks_page(request: HttpRequest) -> HttpResponse:
    """All open tasks of the reader: late ones first."""
    found, behind = my_tasks(actor_of(request), after=request.GET.get("after", ""))
    groups = [(GROUPS[when], list(tasks)) for when, tasks in groupby(found, key=lambda one: one.when)]
    next_url = f"{address('activities:my-tasks')}?after={behind}" if behind else None
    return render(request, "activities/my_tasks.html", {"groups": groups, "next_url": next_url})


@require_POST
def add_task(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Plan something about a record, and go back to it."""
    rtype = find_type(request, slug)
    record = find_record(request, rtype, key)
    values = {name: request.POST[name] for name in ASKED if request.POST.get(name)}
    try:
        with open_act(actor_of(request)) as act:
            task = add(act, rtype, record, values)
        say(request, _("The task “%(title)s” was planned.") % {"title": task.title}, undo=act.batch)
    except ValidationFailed as refused:
        warn(request, "; ".join(refused.errors.values()))
    return redirect(back(request, record_url(rtype, record.pk)))


@require_POST
def finish(request: HttpRequest, key: UUID) -> HttpResponse:
    """Tick a task off."""
    return _do(request, key, finish_task, _("Done: %(title)s"))


@require_POST
def reopen(request: HttpRequest, key: UUID) -> HttpResponse:
    """Begin a task again."""
    return _do(request, key, reopen_task, _("To be done again: %(title)s"))


@require_POST
def delete(request: HttpRequest, key: UUID) -> HttpResponse:
    """Delete a task."""
    return _do(request, key, _delete, _("The task “%(title)s” was deleted."))


def _delete(act: Act, task: Task) -> None:
    delete_records(act, record_type("tasks"), [task])


def _do(request: HttpRequest, key: UUID, deed: Callable[[Act, Task], None], words: str) -> HttpResponse:
    actor = actor_of(request)
    task = visible(actor, record_type("tasks")).filter(pk=key).first()
    if task is None:
        raise Http404(_("This task is not here, or not for you to see."))
    with open_act(actor) as act:
        deed(act, task)
    say(request, words % {"title": task.title}, undo=act.batch)
    return redirect(back(request, record_url(record_type(task.about_type), task.about_id)))
