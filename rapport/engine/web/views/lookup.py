"""Records to choose from while someone types into a relation."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from rapport.engine.records.folding import fold
from rapport.engine.records.gate import visible
from rapport.engine.web.views.finding import actor_of, find_type

MOST = 12


@require_safe
def lookup(request: HttpRequest, slug: str) -> JsonResponse:
    """Titles that begin with, or else hold, what was typed."""
    rtype = find_type(request, slug)
    path = rtype.title_field.fold_path or rtype.title_field.path
    asked = fold(request.GET.get("q", ""))[:100]
    rows = visible(actor_of(request), rtype).order_by(path, "pk")
    title = rtype.title_field.path
    found = list(rows.filter(**{f"{path}__startswith": asked}).values_list(title, flat=True)[:MOST])
    if len(found) < MOST and len(asked) > 2:
        found += rows.filter(**{f"{path}__contains": asked}).values_list(title, flat=True)[:MOST]
    return JsonResponse({"titles": list(dict.fromkeys(found))[:MOST]})
