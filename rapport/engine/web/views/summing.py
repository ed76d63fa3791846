"""Parts of a table that come after the page: the totals at its foot, and further rows of a group."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.engine.records.errors import Invalid
from rapport.engine.web.grouping import read_grouping
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.layouts.grouped import more_of_group
from rapport.engine.web.views.layouts.table import totals_context
from rapport.engine.web.views.listed import listed


@require_safe
def totals_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The totals of a list. Asked for by a browser rather than by script, the list with them."""
    asked = listed(request, find_type(request, slug))
    if not request.headers.get("HX-Request"):
        return redirect(asked.url(now="1"))
    if asked.error:
        return _refused(request, [asked.error.message])
    context = totals_context(actor_of(request), asked)
    if context["faults"]:
        return _refused(request, context["faults"])
    return render(request, "web/layouts/totals.html", context, status=503 if context["is_given_up"] else 200)


@require_safe
def group_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Rows of one group. Asked for by a browser rather than by script, the list."""
    asked = listed(request, find_type(request, slug))
    if not request.headers.get("HX-Request"):
        return redirect(asked.url())
    if asked.error:
        return _refused(request, [asked.error.message])
    actor = actor_of(request)
    try:
        grouping = read_grouping(actor, asked.rtype, asked.parts["group"])
        if grouping is None:
            raise Invalid(_("The address names no field to group by."))
        context = more_of_group(actor, asked, grouping, request.GET.get("only", ""))
    except Invalid as error:
        return _refused(request, [str(error)])
    return render(request, "web/layouts/group_rows.html", context)


def _refused(request: HttpRequest, faults: list[str]) -> HttpResponse:
    return render(request, "web/layouts/faults.html", {"faults": faults}, status=400)
