"""Who can see a record, and why: what each user may do to it, with every reason of the gate in words."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.records.folding import fold
from rapport.engine.records.gate import reaches, role_name
from rapport.engine.records.gate.masks import mask
from rapport.engine.records.gate.policies import verb_word
from rapport.engine.records.gate.why import SHOWN, powers_over, why, why_field
from rapport.engine.records.registry import RecordType
from rapport.engine.records.sharing import HOLDERS, holder_names, users_in
from rapport.engine.records.showing import face, share_url
from rapport.engine.web.addresses import of_record
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.presenting import record_url

PAGE = 25


@require_safe
def why_page(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """The users and what each may do to this record; of one of them also why."""
    rtype = find_type(request, slug)
    row = find_record(request, rtype, key)
    may_share = reaches(actor_of(request), rtype, "change", row)
    if not may_share and not actor_of(request).is_admin:
        raise Http404(_("Only who may change this record sees who else can see it."))
    asked = read_id(request.GET.get("user", ""))
    users = HOLDERS["user"].names()
    wanted = fold(request.GET.get("q", ""))
    keys = [one for one, name in users.items() if wanted in fold(name) and asked in (None, one)]
    here = of_record("web:why", rtype.slug, row.pk)
    context = {
        "rtype": rtype,
        "record": {"title": rtype.title_of(row), "url": record_url(rtype, row.pk)},
        "rows": _rows(rtype, row, keys[:PAGE], here),
        "more": max(0, len(keys) - PAGE),
        "q": request.GET.get("q", ""),
        "reasons": _reasons(actor_of(request), rtype, row, asked) if asked in users and asked else None,
        "name": users.get(asked, "") if asked else "",
        "here": here,
        "share_url": share_url(rtype, row.pk) if may_share else None,
        "words": {verb: verb_word(verb) for verb in SHOWN},
    }
    return render(request, "web/access/why.html", context)


def _rows(rtype: RecordType, row: Any, keys: list[UUID], here: str) -> list[dict[str, Any]]:
    found = users_in(keys)
    users = [found[key] for key in keys if key in found]
    powers = powers_over(rtype, row, [one.actor for one in users])
    return [
        {
            "user": user,
            "face": face(str(user), user.pk),
            "role": ", ".join(role_name(role) for role in sorted(user.actor.roles)),
            "verbs": one.verbs,
            "url": f"{here}?{urlencode({'user': user.pk})}",
        }
        for user, one in zip(users, powers, strict=True)
    ]


def _reasons(reader: Actor, rtype: RecordType, row: Any, asked: UUID) -> dict[str, Any]:
    """Why this user may do each thing or not, and which of the fields that the reader sees are kept from them.

    What the filters of roles ask is told to administrators only.
    """
    actor = users_in([asked])[asked].actor
    names = holder_names()
    shown = mask(actor, rtype)
    seen = [one for one in rtype.all_fields() if mask(reader, rtype).shows(one.slug) and not one.readonly]
    away = [one for one in seen if not shown.lets_change(one.slug)]
    return {
        "verbs": [
            (verb_word(verb), why(actor, rtype, verb, row, names, tells_rules=reader.is_admin)) for verb in SHOWN
        ],
        "fields": [(one.label, shown.shows(one.slug), why_field(actor, rtype, one)) for one in away],
    }
