"""Rows pasted into a list, or into a page of their own: an import like others, short where all of it is plain."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.engine.files.errors import FileRefused
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.pasting import MOST_BYTES, MOST_ROWS, paste
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.imports.finding import checked_url
from rapport.engine.web.views.listed import listed


@require_http_methods(["GET", "HEAD", "POST"])
def paste_page(request: HttpRequest, slug: str) -> HttpResponse:
    """GET shows where to paste; POST takes the rows in and goes on to the first step at which somebody must look."""
    rtype = find_type(request, slug, "import")
    asked = listed(request, rtype)
    text = request.POST.get("text", "")
    error, status = "", 200
    if request.method == "POST":
        try:
            run = paste(actor_of(request), rtype, text, shown=[field.slug for field in asked.fields])
            return redirect(checked_url(run))
        except (ImportRefused, FileRefused) as refused:
            error, status = str(refused), 422
    context = {
        "rtype": rtype,
        "text": text if len(text) <= MOST_BYTES else "",
        "error": error,
        "back_url": asked.url(),
        "file_url": reverse("web:import-send", args=[rtype.slug]),
        "columns": _(", ").join(str(field.label) for field in asked.fields if not field.readonly),
        "most_rows": MOST_ROWS,
    }
    return render(request, "web/imports/paste.html", context, status=status)
