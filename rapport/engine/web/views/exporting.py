"""A list as a file."""

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from rapport.engine.records.errors import Invalid
from rapport.engine.records.exports import export, formats_of
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.reading import zone_now
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.toasts import warn


@require_safe
def export_list(request: HttpRequest, slug: str, format_: str) -> HttpResponseBase:
    """Stream the records of a list, with its filter and order, as the address says."""
    rtype = find_type(request, slug, "export")
    where, order = request.GET.get("where", "").strip(), request.GET.get("order", "")
    back = reverse("web:list", args=[rtype.slug])
    if format_ not in formats_of(rtype):
        return redirect(back)
    try:
        made = export(actor_of(request), rtype, where=where, order=order, format_=format_, **zone_now())
    except (FilterError, Invalid) as error:
        warn(request, str(error))
        return redirect(back)
    answer = StreamingHttpResponse(made.pieces, content_type=made.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer
