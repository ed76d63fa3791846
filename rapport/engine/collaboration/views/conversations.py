"""Conversations between colleagues: the list, one of them, a new one, and leaving."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.engine.collaboration.actions import Saying, begin_conversation, leave_conversation, say_about
from rapport.engine.collaboration.conversations import lines, title_of
from rapport.engine.collaboration.views.shown import talk
from rapport.engine.collaboration.views.talking import refs_of
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.ids import read_id
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.registry import record_type
from rapport.engine.records.sharing import HOLDERS, holder_names
from rapport.engine.records.showing import record_url
from rapport.engine.web.addresses import address, of_record
from rapport.engine.web.choosing import holder_options
from rapport.engine.web.counts import forget_counts
from rapport.engine.web.heads import heads
from rapport.engine.web.once import form_key, made_before
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.toasts import say, warn

SLUG = "conversations"


@require_safe
def conversations_page(request: HttpRequest) -> HttpResponse:
    """The reader's conversations, the one with the newest word first."""
    return render(request, "collaboration/conversations.html", {**_list(request), "one": None, "talk": None})


@require_safe
def conversation_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """One conversation beside the others."""
    rtype = find_type(request, SLUG)
    row = find_record(request, rtype, key)
    actor = actor_of(request)
    one = _head(actor, row)
    context = {**_list(request, row.pk), "one": one, "heads": heads(actor, rtype, row), **talk(actor, rtype, row)}
    return render(request, "collaboration/conversations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_conversation(request: HttpRequest) -> HttpResponse:
    """Choose with whom to speak and say the first word. Who speaks already goes on where that is."""
    actor = actor_of(request)
    errors: dict[str, str] = {}
    chosen = request.POST.getlist("members") or request.GET.getlist("with")
    if request.method == "POST":
        try:
            with transaction.atomic():
                made, batch = made_before(request, actor, record_type(SLUG))
                if made is None:
                    with open_act(actor, batch=batch) as act:
                        made = begin_conversation(act, chosen, name=request.POST.get("name", "").strip())
                        if request.POST.get("text", "").strip():
                            said = Saying(request.POST["text"], refs_of(request), lets_see=False)
                            say_about(act, record_type(SLUG), made, said)
            forget_counts()
            return redirect(record_url(record_type(SLUG), made.pk))
        except ValidationFailed as refused:
            errors = refused.errors
    options = [one for one in holder_options(chosen) if one["id"] != str(actor.user_id)]
    context = {
        "errors": errors,
        "options": options,
        "name": request.POST.get("name", ""),
        "text": request.POST.get("text", ""),
        "refs": request.POST.getlist("ref"),
        "offers_url": address("collaboration:offers"),
        "form_key": form_key(actor),
    }
    return render(request, "collaboration/new.html", context, status=422 if errors else 200)


@require_POST
def leave(request: HttpRequest, key: UUID) -> HttpResponse:
    """Be no member any more."""
    row = find_record(request, find_type(request, SLUG), key)
    try:
        with open_act(actor_of(request)) as act:
            leave_conversation(act, row)
    except (ValidationFailed, NotAllowed) as refused:
        warn(request, str(refused))
        return redirect(record_url(record_type(SLUG), key))
    say(request, _("You left the conversation. A member can add you again."))
    return redirect("collaboration:conversations")


def _head(actor: Actor, row: Any) -> dict[str, Any]:
    """What a conversation is called, who is in it, and what its reader may do to it."""
    names = holder_names()
    is_among = actor.user_id in row.members and len(row.members) > 1
    return {
        "id": row.pk,
        "title": title_of(actor, row, names),
        "members": [names.get(one, _("somebody")) for one in row.members],
        "members_url": of_record("web:edit", SLUG, row.pk, "members") if row.may_change else None,
        "rename_url": of_record("web:edit", SLUG, row.pk, "name") if row.may_change else None,
        "leave_url": address("collaboration:leave", row.pk) if is_among else None,
        "deleted": row.deleted_at,
    }


def _list(request: HttpRequest, chosen: UUID | None = None) -> dict[str, Any]:
    actor = actor_of(request)
    found, before = lines(actor, before=read_id(request.GET.get("before")))
    return {
        "lines": found,
        "chosen": chosen,
        "further_url": f"{address('collaboration:conversations')}?before={before}" if before else None,
        "new_url": None if actor.onlooker else address("collaboration:new-conversation"),
        "has_colleagues": len(HOLDERS["user"].names()) > 1,
    }
