"""The links at the end of a mail: looking shows a button, pressing it does the deed. Mail scanners look only.

They work without signing in: the link itself is signed. Mail programs post to them by themselves (RFC 8058).
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from rapport.engine.accounts.notifications.links import MailLink, follow_link, read_link
from rapport.engine.accounts.notifications.telling import titles_of


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_link(request: HttpRequest, token: str) -> HttpResponse:
    """Fewer mails, or none, or less about a record."""
    link = read_link(token)
    if link is None:
        context: dict[str, Any] = {"title": _("This link does nothing any more"), "link": None, "is_done": False}
        return render(request, "accounts/mail_link.html", context, status=410)
    with translation.override(link.user.language or translation.get_language()):
        is_done = request.method == "POST"
        if is_done:
            follow_link(link)
        return render(request, "accounts/mail_link.html", {"link": link, "is_done": is_done, **_words(link)})


def _words(link: MailLink) -> dict[str, str]:
    """The heading, the button and what is said when it is done."""
    if link.deed == "daily":
        return {
            "title": _("A daily mail instead"),
            "words": _("Mail me once a day"),
            "done": _("From now on you get one mail a day, if there is anything to tell."),
        }
    if link.deed == "never":
        return {
            "title": _("No more mails"),
            "words": _("Stop mailing me"),
            "done": _("You get no more mails about notifications. They wait for you in Rapport."),
        }
    name = titles_of(link.user.actor, [link.record] if link.record else []).get(link.record, "") if link.record else ""
    return {
        "title": _("Less about %(name)s") % {"name": name} if name else _("Less about this"),
        "words": _("Tell me less"),
        "done": _("You are told less about it from now on."),
    }
