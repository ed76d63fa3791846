"""Whom and what one can mention, while one writes: colleagues and teams after `@`, records after `#`."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.engine.events.actor import Actor
from rapport.engine.records.folding import fold
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.search import search
from rapport.engine.records.sharing import HOLDERS
from rapport.engine.records.showing import face
from rapport.engine.web.views.finding import actor_of

MOST = 8
LONGEST = 60


@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """Options for what is typed, `?q=@tom`; none for anything else."""
    asked = request.GET.get("q", "").replace("\0", "")[: LONGEST + 1]
    found: list[dict[str, Any]] = []
    if asked.startswith("@"):
        found = list(_holders(asked[1:]))[:MOST]
    elif asked.startswith("#") and asked[1:].strip():
        found = list(_records(actor_of(request), asked[1:].strip()))
    return render(request, "collaboration/offers.html", {"offers": found})


def _holders(typed: str) -> Iterator[dict[str, Any]]:
    """Those of whose name some word begins with what is typed, in which the names may run on."""
    wanted = fold(typed)
    for kind in HOLDERS.values():
        for key, name in sorted(kind.names().items(), key=lambda one: fold(one[1])):
            folded = fold(name)
            if folded.startswith(wanted) or f" {wanted}" in folded:
                what = _("team") if kind.kind == "team" else ""
                yield {"insert": f"@{name} ", "title": name, "ref": "", "what": what, "face": face(name, key)}


def _records(actor: Actor, typed: str) -> Iterator[dict[str, Any]]:
    for group in search(actor, typed, limit=4).groups:
        rtype = find_record_type(group.type)
        if rtype is None or rtype.section is None:
            continue
        for one in group.results:
            ref = f"{group.type}/{one.id} {one.title}"
            picture = face(one.title, one.id, square=rtype.square)
            yield {"insert": f"#{one.title} ", "title": one.title, "ref": ref, "what": rtype.label, "face": picture}
