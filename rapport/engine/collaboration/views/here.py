"""Who is here: pages that show a record say so while they are seen, and learn who else looks at it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.engine.accounts.notifications import mark_seen
from rapport.engine.collaboration.presence import come, leave
from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.records.definitions import definitions
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.showing import face
from rapport.engine.web.views.finding import actor_of

NAMED = 5  # faces beside each other; of more, how many


@require_POST
def here(request: HttpRequest) -> HttpResponse:
    """Note that the reader looks at the record `on`, as in `people/<id>`, or with `left` that they look no more.

    Answers who else is there. What they were told about the record is read by this.
    """
    actor = actor_of(request)
    slug, key = _asked(actor, request.POST.get("on", ""))
    user = actor.user_id
    if user is None or actor.kind != "user" or request.POST.get("left"):
        if user is not None and actor.kind == "user":
            leave(user, slug, key)
        return HttpResponse(status=204)
    others = come(user, slug, key)
    mark_seen(user, slug, key)
    return render(request, "collaboration/here.html", _shown(others))


def _asked(actor: Actor, text: str) -> tuple[str, UUID]:
    """The record that a page shows, which its reader sees; 404 otherwise."""
    slug, _slash, given = text.partition("/")
    rtype, key = find_record_type(slug), read_id(given)
    if rtype is None or key is None or not visible(actor, rtype).filter(pk=key).exists():
        raise Http404(_("This record is not here, or not for you to see."))
    return slug, key


def _shown(others: list[UUID]) -> dict[str, object]:
    names = definitions().user_names
    known = [(one, names[one]) for one in others if one in names]
    return {
        "faces": [{"name": name, "face": face(name, key)} for key, name in known[:NAMED]],
        "names": [name for _key, name in known],
        "more": max(0, len(known) - NAMED),
    }
