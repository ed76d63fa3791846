"""How a user wants to be told by mail."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.engine.accounts.doors import user_of
from rapport.engine.accounts.forms import NotificationSettingsForm
from rapport.engine.accounts.mails import can_mail
from rapport.engine.accounts.notifications.settings import CHOICES, change_settings, settings_of
from rapport.engine.events.act import open_act
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.web.views.toasts import say


@require_http_methods(["GET", "HEAD", "POST"])
def notification_settings(request: HttpRequest) -> HttpResponse:
    """Mails soon, once a day or never, and when it is quiet."""
    user = user_of(request)
    row = settings_of(user)
    now = {name: getattr(row, name) for name in CHOICES}
    form = NotificationSettingsForm(request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        return redirect("accounts:notification_settings")
    context = {"form": form, "me": user, "can_mail": can_mail()}
    return render(request, "accounts/notification_settings.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, form: forms.Form) -> bool:
    user = user_of(request)
    try:
        with open_act(user.actor) as act:
            change_settings(act, user, **form.cleaned_data)
    except ValidationFailed as refusal:
        for name, words in refusal.errors.items():
            form.add_error(name if name in form.fields else None, words)
        return False
    say(request, _("Saved."))
    return True
