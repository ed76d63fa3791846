"""Files over HTTP: one address asks who you are and sends on, the other serves bytes and asks for no cookie."""

import logging
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.engine.events.actor import Actor
from rapport.engine.files.access import LASTS, read_token, signed_url
from rapport.engine.files.queries import file_by_token, find_file
from rapport.engine.files.sniff import SAYABLE, UNKNOWN
from rapport.engine.files.store import open_content

logger = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


@require_safe
def file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Send those who may see a file to its content. `?inline=1` shows a picture instead of saving it."""
    actor: Actor | None = getattr(request, "actor", None)
    found = find_file(actor, file_id) if actor else None
    if found is None:
        raise Http404(_("There is no such file, or you may not see it."))
    answer = HttpResponseRedirect(signed_url(found, inline=request.GET.get("inline") == "1"))
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_not_required
@require_safe
def content(request: HttpRequest, token: str) -> FileResponse:
    """Serve a content to whoever has its address, as an attachment unless it is a picture."""
    opened = read_token(token)
    found = file_by_token(opened[0]) if opened else None
    if opened is None or found is None:
        raise Http404(_("This address is no longer valid. Go back and open the file again."))
    kind = found.content_type if found.content_type in SAYABLE else UNKNOWN
    try:
        stream = open_content(found.sha256)
    except FileNotFoundError as error:
        logger.error("The content of file %s is missing: %s", found.id, error)
        raise Http404(_("The content of this file is missing on the server.")) from error
    answer = FileResponse(stream, content_type=kind, as_attachment=not opened[1], filename=found.name)
    for name, value in HEADERS.items():
        answer[name] = value
    answer["Cache-Control"] = f"private, max-age={LASTS}, immutable"
    return answer
