"""Following a record, following it more or less, and no more. All can be undone."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.engine.collaboration.following import Level, follow, unfollow
from rapport.engine.events.act import open_act
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.showing import record_url
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.toasts import say, warn


@require_POST
def follow_page(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Hear `level` of a record from now on; without one, follow it no more."""
    rtype = find_type(request, slug)
    row = find_record(request, rtype, key)
    if row.is_deleted:
        raise Http404(_("This record is deleted. Restore it first."))
    level = request.POST.get("level", "")
    try:
        with open_act(actor_of(request)) as act:
            if level:
                follow(act, rtype, row, level)
            else:
                unfollow(act, rtype, row)
    except ValidationFailed as failed:
        warn(request, " ".join(failed.errors.values()))
        return redirect(record_url(rtype, key))
    say(request, _words(level), undo=act.batch)
    return redirect(record_url(rtype, key))


def _words(level: str) -> str:
    return {
        Level.ALL.value: _("You hear everything of this."),
        Level.IMPORTANT.value: _("You hear what matters of this."),
    }.get(level, _("You hear of this only when you are mentioned."))
