"""The front door: straight to the first list there is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from rapport.engine.records.gate import may
from rapport.engine.records.registry import record_types
from rapport.engine.web.views.finding import actor_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The people, or whatever the actor may see first."""
    types = [rtype for rtype in record_types() if rtype.section is not None and may(actor_of(request), rtype, "read")]
    if not types:
        return render(request, "web/nothing.html")
    preferred = min(types, key=lambda rtype: rtype.place)
    return redirect("web:list", preferred.slug)
