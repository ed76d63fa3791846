"""Saying something about a record, changing it, taking it back, and what has been said."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.engine.collaboration.actions import Saying, Unseen, say_about
from rapport.engine.collaboration.assigning import assign_comment, can_assign
from rapport.engine.collaboration.mentions import Ref, kept
from rapport.engine.collaboration.models import Comment
from rapport.engine.collaboration.threads import one_said
from rapport.engine.collaboration.views.shown import talk, typed_context
from rapport.engine.events.act import open_act
from rapport.engine.events.ids import read_id
from rapport.engine.records.actions import change_record, delete_records
from rapport.engine.records.errors import EditConflict, ValidationFailed
from rapport.engine.records.gate import reaches, visible
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.showing import record_url
from rapport.engine.web.addresses import address, of_record, read_number
from rapport.engine.web.choosing import user_options
from rapport.engine.web.once import form_key, made_before
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.presenting import title_shown
from rapport.engine.web.views.toasts import say, warn
from rapport.engine.web.views.undoing import back

DECISIONS = {"yes": True, "no": False}


@require_safe
def talk_page(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """What was said about a record; for scripts the threads alone, before or from one on."""
    rtype = find_type(request, slug)
    row = find_record(request, rtype, key)
    before, since = read_id(request.GET.get("before")), read_id(request.GET.get("from"))
    context = {
        "rtype": rtype,
        "back_url": record_url(rtype, row.pk),
        **talk(actor_of(request), rtype, row, before, since),
    }
    part = bool(request.headers.get("HX-Request"))
    return render(request, "collaboration/talk_part.html" if part else "collaboration/talk.html", context)


@require_POST
def write_comment(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Say something, and go back to where it was said. Asks first where somebody mentioned could not read it."""
    rtype = find_type(request, slug)
    row = find_record(request, rtype, key)
    if row.is_deleted:
        raise Http404(_("This record is deleted. Restore it first."))
    actor = actor_of(request)
    said = Saying(
        request.POST.get("text", ""), refs_of(request), request.POST.get("thread", ""),
        DECISIONS.get(request.POST.get("lets_see", "")),
    )  # fmt: skip
    home = back(request, record_url(rtype, row.pk))
    try:
        with transaction.atomic():
            made, batch = made_before(request, actor, record_type("comments"))
            if not made:
                with open_act(actor, batch=batch) as act:
                    made = say_about(act, rtype, row, said)
    except Unseen as unseen:
        return _ask(request, rtype, row, said, unseen)
    except ValidationFailed as error:
        warn(request, "; ".join(error.errors.values()))
        return redirect(home)
    return redirect(f"{home}#comment-{made.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def edit_comment(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change what one said oneself."""
    comment, rtype = _own(request, key, "change")
    actor, home = actor_of(request), _home(rtype, comment)
    context: dict[str, Any] = {"error": "", "home": home, "said": one_said(actor, comment)}
    if request.method == "POST":
        raw = {"text": kept(request.POST.get("text", ""), refs_of(request))}
        base = read_number(request.POST.get("version", ""))
        try:
            with open_act(actor) as act:
                change_record(act, record_type("comments"), comment, raw, base_version=base)
            return redirect(home)
        except ValidationFailed as error:
            context["error"] = "; ".join(error.errors.values())
        except EditConflict:
            context["error"] = _("You changed this elsewhere meanwhile; this is how it stands there.")
            comment.refresh_from_db()
    context |= typed_context(actor, comment) | {"version": comment.version}
    return render(request, "collaboration/edit.html", context, status=422 if context["error"] else 200)


@require_POST
def delete_comment(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take back what one said; answers to it stay."""
    comment, rtype = _own(request, key, "delete")
    with open_act(actor_of(request)) as act:
        delete_records(act, record_type("comments"), [comment])
    say(request, _("The comment was deleted."), undo=act.batch)
    return redirect(back(request, record_url(rtype, comment.about_id)))


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, key: UUID) -> HttpResponse:
    """Make what was said something that somebody is to do."""
    actor = actor_of(request)
    comment = visible(actor, record_type("comments")).filter(pk=key).first()
    if comment is None or not can_assign():
        raise Http404(_("This comment is not here."))
    rtype = record_type(comment.about_type)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            who = read_id(request.POST.get("who"))
            if who is None:
                raise ValidationFailed({"who": _("Choose who is to do it.")})
            with open_act(actor) as act:
                assign_comment(act, comment, who, due=_day(request.POST.get("due", "")))
            say(request, _("It was assigned."), undo=act.batch)
            return redirect(_home(rtype, comment))
        except ValidationFailed as refused:
            errors = refused.errors
    context = {
        "said": one_said(actor, comment),
        "action": address("collaboration:assign", comment.pk),
        "home": _home(rtype, comment),
        "errors": errors,
        "options": user_options(request.POST.get("who") or (comment.mentions or [None])[0]),
        "due": request.POST.get("due", ""),
    }
    return render(request, "collaboration/assign.html", context, status=422 if errors else 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValidationFailed({"due": _("“%(value)s” is not a day.") % {"value": text[:40]}}) from None


def refs_of(request: HttpRequest) -> list[Ref]:
    """The records that were picked while writing, each `type/id title`."""
    found = []
    for given in request.POST.getlist("ref"):
        place, _space, title = given.partition(" ")
        slug, _slash, key = place.partition("/")
        if title and (read := read_id(key)):
            found.append(Ref(slug, read, title))
    return found


def _ask(request: HttpRequest, rtype: RecordType, row: Any, said: Saying, unseen: Unseen) -> HttpResponse:
    """Whether those who are mentioned and do not see the record shall."""
    actor = actor_of(request)
    context = {
        "rtype": rtype,
        "title": title_shown(actor, rtype, row),
        "names": unseen.names,
        "may_share": bool(rtype.members) or reaches(actor, rtype, "change", row),
        "action": of_record("collaboration:write-comment", rtype.slug, row.pk),
        "back_url": record_url(rtype, row.pk),
        "said": said,
        "refs": request.POST.getlist("ref"),
        "next": request.POST.get("next", ""),
        "form_key": form_key(actor),
    }
    return render(request, "collaboration/unseen.html", context, status=409)


def _own(request: HttpRequest, key: UUID, verb: Any) -> tuple[Comment, RecordType]:
    comments = record_type("comments")
    comment = visible(actor_of(request), comments).filter(pk=key).first()
    if comment is None or not reaches(actor_of(request), comments, verb, comment):
        raise Http404(_("This comment is not here, or not yours."))
    return comment, record_type(comment.about_type)


def _home(rtype: RecordType, comment: Comment) -> str:
    return f"{record_url(rtype, comment.about_id)}?kind=comments#comment-{comment.pk}"
