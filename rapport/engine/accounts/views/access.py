"""What one user may see and do: by record type, with the role that says so, and the fields kept from them."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.engine.accounts.doors import administrators_only
from rapport.engine.accounts.queries import teams_joined, user_or_404
from rapport.engine.events.actor import Actor
from rapport.engine.records.gate import EVERY_VERB, Grant, Verb, grants_of, mask, may, role_name, visible
from rapport.engine.records.gate.why import why_field
from rapport.engine.records.queries.counting import count
from rapport.engine.records.registry import RecordType
from rapport.engine.records.roles.reading import types_of_roles
from rapport.engine.records.showing import face, role_url
from rapport.engine.web.addresses import address
from rapport.engine.web.counts import count_text


@require_safe
@administrators_only
def access(request: HttpRequest, key: UUID) -> HttpResponse:
    """What may this user see?"""
    user = user_or_404(key)
    actor = user.actor
    context = {
        "user": user,
        "face": face(str(user), user.pk),
        "roles": _named(actor.roles),
        "teams": teams_joined(user),
        "types": [_of_type(actor, rtype) for rtype in types_of_roles()],
        "is_me": user.pk == request.actor.id,  # type: ignore[attr-defined]  # set by the middleware
    }
    return render(request, "accounts/access.html", context)


def _of_type(actor: Actor, rtype: RecordType) -> dict[str, Any]:
    sees = may(actor, rtype, "read")
    kept = list(_kept(actor, rtype)) if sees else []
    return {
        "label": str(rtype.label_plural)[:1].upper() + str(rtype.label_plural)[1:],
        "sees": sees,
        "count": count_text(count(visible(actor, rtype))) if sees else "",
        "url": address("web:list", rtype.slug) if rtype.section is not None else None,
        "parent": rtype.sees_as,
        "rights": [] if rtype.sees_as else _rights(actor, rtype),
        "hidden": [one for one in kept if one["is_hidden"]],
        "locked": [one for one in kept if not one["is_hidden"]],
    }


def _rights(actor: Actor, rtype: RecordType) -> list[dict[str, Any]]:
    """How far the verbs reach; those that reach as far as each other stand in one line."""
    lines: list[dict[str, Any]] = []
    for verb in EVERY_VERB:
        reaches = [_reach(actor, rtype, verb, one) for one in sorted(grants_of(actor, rtype, verb))]
        line = next((one for one in lines if one["reaches"] == reaches), None)
        if line is None:
            lines.append({"verbs": [_labels()[verb]], "reaches": reaches})
        else:
            line["verbs"].append(_labels()[verb])
    return lines


def _reach(actor: Actor, rtype: RecordType, verb: Verb, grant: Grant) -> dict[str, Any]:
    words = {
        "own": _("their own"), "team": _("their teams'"), "tree": _("their teams' and those below"),
        "filter": _("what this finds: %(filter)s") % {"filter": grant.where}, "all": _("all"),
    }  # fmt: skip
    roles = {grant.role} if grant.role else {one for one in actor.roles if _lets_all(actor, rtype, verb, one)}
    return {"words": words[grant.reach], "roles": _named(roles)}


def _named(roles: Iterable[str]) -> list[dict[str, str]]:
    return [{"name": role_name(one), "url": role_url(one)} for one in sorted(roles)]


def _lets_all(actor: Actor, rtype: RecordType, verb: Verb, role: str) -> bool:
    """Whether one of the roles alone lets this reach all records."""
    alone = Actor(kind="user", name=actor.name, id=actor.id, roles=frozenset({role}))
    return any(one.reach == "all" for one in grants_of(alone, rtype, verb))


def _kept(actor: Actor, rtype: RecordType) -> Iterator[dict[str, Any]]:
    shown = mask(actor, rtype)
    for field in rtype.all_fields():
        if not shown.lets_change(field.slug):
            answer = why_field(actor, rtype, field)
            reasons = [one.text for one in answer.reasons]
            yield {"label": field.label, "is_hidden": not answer.answer, "reasons": reasons}


def _labels() -> dict[Verb, str]:
    return {
        "read": _("See"), "create": _("Create"), "change": _("Change"),
        "delete": _("Delete"), "export": _("Export"), "import": _("Import"),
    }  # fmt: skip
