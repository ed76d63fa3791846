"""Who can see a record, what each may do to it, and why: for whoever may change it, and for administrators."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.ids import read_id
from rapport.engine.records.access import access_of, fields_kept_from, reasons_for, users_here
from rapport.engine.records.gate import Verb, mask, role_name
from rapport.engine.records.registry import RecordType
from rapport.engine.records.sharing import holder_names
from rapport.engine.web.addresses import of_record, read_number
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.presenting import face, record_url, title_shown

PAGE = 25


@require_safe
def why_page(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Users by name or by `q`, and with `user` the reasons for one of them."""
    rtype, actor = find_type(request, slug), actor_of(request)
    row = find_record(request, rtype, key)
    if not rtype.by_roles or not (row.may_change or actor.is_admin):
        raise NotAllowed(_("Only who may change this record sees who else can see it."))
    q, number = (
        request.GET.get("q", "").replace("\0", "").strip()[:100],
        max(read_number(request.GET.get("page", "")) or 1, 1),
    )
    found = list(users_here(q)[(number - 1) * PAGE : number * PAGE + 1])
    here = of_record("web:why", rtype.slug, row.pk)

    def url(**parts: Any) -> str:
        kept = {name: value for name, value in {"q": q, "page": number, **parts}.items() if value not in ("", 1)}
        return f"{here}?{urlencode(kept)}" if kept else here

    opened = _opened(request, actor, rtype, row)
    context = {
        "rtype": rtype,
        "title": title_shown(actor, rtype, row),
        "back_url": record_url(rtype, row.pk),
        "share_url": of_record("web:share", rtype.slug, row.pk) if row.may_change and not row.is_deleted else None,
        "here": here,
        "q": q,
        "people": _people(rtype, row, found[:PAGE], opened, url),
        "verbs": [_verb_label(verb) for verb in ("read", "change", "delete", "export")],
        "opened": opened,
        "close_url": url(),
        "previous_url": url(page=number - 1) if number > 1 else None,
        "next_url": url(page=number + 1) if len(found) > PAGE else None,
    }
    return render(request, "web/why.html", context)


def _people(rtype: RecordType, row: Any, users: list[Any], opened: Any, url: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": str(one.user),
            "face": face(str(one.user), one.user.pk),
            "role": role_name(one.user.role),
            "rights": [{"label": _verb_label(verb), "answer": answer} for verb, answer in one.rights.items()],
            "url": url(user=one.user.pk),
            "on": opened is not None and opened["id"] == one.user.pk,
        }
        for one in access_of(users, rtype, row)
    ]


def _opened(request: HttpRequest, reader: Actor, rtype: RecordType, row: Any) -> dict[str, Any] | None:
    key = read_id(request.GET.get("user", ""))
    user = users_here().filter(pk=key).first() if key else None
    if user is None:
        return None
    names = holder_names()
    owner = rtype.field("owner")
    if owner is not None and not mask(reader, rtype).shows(owner.slug):
        names.pop(getattr(row, owner.column), None)
    fields = list(fields_kept_from(reader, user.actor, rtype))
    return {
        "id": user.pk,
        "name": str(user),
        "face": face(str(user), user.pk),
        "role": role_name(user.role),
        "answers": [
            {"verb": _verb_label(verb), "why": answer}
            for verb, answer in reasons_for(reader, user.actor, rtype, row, names)
        ],
        "hidden": [one for one in fields if one.is_hidden],
        "locked": [one for one in fields if not one.is_hidden],
    }


def _verb_label(verb: Verb) -> str:
    return {
        "read": _("See"), "create": _("Create"), "change": _("Change"),
        "delete": _("Delete"), "export": _("Export"), "import": _("Import"),
    }[verb]  # fmt: skip
