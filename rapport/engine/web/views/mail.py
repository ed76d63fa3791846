"""The mail server's page: what is set, whether the environment overrides it, and whether it works."""

import os
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_http_methods, require_POST

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.outbox import queries
from rapport.engine.outbox.actions import BadSetting, MailSettings, remove_mail_server, send_test_mail, set_mail_server
from rapport.engine.outbox.models import MailServer, OutgoingMessage, Security, State
from rapport.engine.outbox.server import VARIABLE, Smtp
from rapport.engine.web.sensitive import sensitive
from rapport.engine.web.views.finding import admin_of
from rapport.engine.web.views.toasts import say, warn

USUALLY_AWAKE = timedelta(seconds=30)
PROTECTIONS = (
    (Security.STARTTLS.value, __("STARTTLS, usually port 587")),
    (Security.TLS.value, __("TLS, usually port 465")),
    (Security.NONE.value, __("None, usually port 25: only for a server on this machine or network")),
)
RESULTS = {
    State.SENT: ("good", __("The server took the test mail. It should be in your mailbox soon.")),
    State.FAILED: ("bad", __("The server refused the test mail.")),
    State.UNKNOWN: ("warn", __("Nobody knows whether the test mail went out. Look into your mailbox.")),
    State.NOT_SENT: ("bad", __("The test mail was not sent.")),
    State.HELD: ("warn", __("The test mail is held in the outbox.")),
}


class MailServerForm(forms.Form):
    """What a person fills in. The password is taken and never shown; left empty, the stored one stays."""

    host = forms.CharField(label=__("Server"), max_length=255, help_text=__("Its name, as mail.example.com."))
    port = forms.IntegerField(label=__("Port"), initial=587)
    security = forms.ChoiceField(label=__("Protection"), choices=PROTECTIONS)
    username = forms.CharField(label=__("User name"), max_length=255, required=False)
    password = forms.CharField(
        label=__("Password"),
        max_length=1000,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    from_address = forms.CharField(label=__("Sender's address"), max_length=254)
    from_name = forms.CharField(label=__("Sender's name"), max_length=200, required=False)

    def __init__(self, data: Any, *, current: MailServer | None) -> None:
        names = [name for name in self.base_fields if name != "password"]
        super().__init__(data, initial={name: getattr(current, name) for name in names} if current else None)
        self.current = current
        self.has_password = bool(current and current.password)
        self.fields["username"].help_text = _("Leave it empty for a server that asks for no sign-in.")
        kept = _("One is stored. Leave this empty to keep it; without a user name it is forgotten.")
        self.fields["password"].help_text = kept if self.has_password else _("It is stored encrypted.")
        if data and data.get("password"):
            self.fields["password"].help_text = _("Type it again: a password is never sent back to this page.")

    def clean(self) -> dict[str, Any]:
        """A stored password goes to no other server than the one it was typed for."""
        values: dict[str, Any] = self.cleaned_data
        moved = self.current is not None and values.get("host") not in (None, self.current.host)
        if self.has_password and moved and values.get("username") and not values.get("password"):
            self.add_error("password", _("Type the password again, because it would go to another server."))
        return values

    def settings(self) -> MailSettings:
        """What was typed, once it is valid."""
        values = dict(self.cleaned_data)
        password = values.pop("password")
        return MailSettings(**values, password=password or (None if values["username"] else ""))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def mail_page(request: HttpRequest) -> HttpResponse:
    """Show and set the mail server, and tell what became of a test mail. Administrators only."""
    actor = admin_of(request)
    current = queries.set_server()
    form = MailServerForm(request.POST if request.method == "POST" else None, current=current)
    if request.method == "POST" and form.is_valid() and _save(request, actor, form):
        return redirect("web:mail")
    override, fault = overriding()
    context = {
        "form": form,
        "current": current,
        "override": override,
        "fault": fault,
        "can_test": bool(override or current) and not fault,
        "variable": VARIABLE,
        "test": _test_result(read_id(request.GET.get("test", ""))),
        "email": request.user.email,  # type: ignore[union-attr]  # pages with an actor have a user
    }
    return render(request, "web/mail.html", context, status=422 if form.errors else 200)


@require_POST
@sensitive
def remove(request: HttpRequest) -> HttpResponse:
    """Forget the mail server; mail waits from now on."""
    actor = admin_of(request)
    current = queries.set_server()
    if current is None:
        warn(request, _("There is no mail server to remove."))
        return redirect("web:mail")
    had_password = bool(current.password)
    with open_act(actor) as act:
        remove_mail_server(act)
    words = _("The mail server was removed. Undo brings it back without its password.")
    say(request, words if had_password else _("The mail server was removed."), undo=act.batch)
    return redirect("web:mail")


@require_POST
def send_test(request: HttpRequest) -> HttpResponse:
    """Queue a test mail to whoever asks; the page then follows what becomes of it."""
    actor = admin_of(request)
    if not is_server_set():
        warn(request, _("Set a mail server first."))
        return redirect("web:mail")
    try:
        with open_act(actor) as act:
            message = send_test_mail(act, to=request.user.email)  # type: ignore[union-attr]  # as above
    except ValueError as error:
        warn(request, str(error))
        return redirect("web:mail")
    return redirect(f"{reverse('web:mail')}?test={message}")


def overriding() -> tuple[Smtp | None, str]:
    """The server that the environment names, and what is wrong with how it does."""
    url = os.environ.get(VARIABLE, "")
    try:
        return (Smtp.from_url(url) if url else None), ""
    except ValueError as error:
        return None, str(error)


def is_server_set() -> bool:
    """Whether mail goes anywhere: a server is set, or the environment names one."""
    return bool(os.environ.get(VARIABLE)) or queries.set_server() is not None


def _save(request: HttpRequest, actor: Actor, form: MailServerForm) -> bool:
    if not form.has_changed():
        say(request, _("Nothing was changed."))
        return True
    settings = form.settings()
    try:
        with open_act(actor) as act:
            set_mail_server(act, settings)
    except BadSetting as error:
        form.add_error(error.field, str(error))
        return False
    # No journal holds a password, so an undo would leave the new one beside the old settings.
    takes_back = form.current is None or not (settings.password or (form.has_password and settings.password == ""))
    say(request, _("The mail server was saved."), undo=act.batch if takes_back else None)
    return True


def _test_result(message_id: UUID | None) -> dict[str, Any] | None:
    """What became of a test mail, in words; `is_open` while that can still change by itself."""
    message = queries.message(message_id) if message_id else None
    if message is None:
        return None
    if message.state in RESULTS:
        colour, words = RESULTS[State(message.state)]
        return {"colour": colour, "words": words, "answer": message.answer, "is_open": False}
    return {"colour": "", "words": _waiting_words(message), "answer": message.answer, "is_open": True}


def _waiting_words(message: OutgoingMessage) -> str:
    if message.answer:
        return _("The test mail has not left yet. It is tried again by itself.")
    if timezone.now() - message.created_at > USUALLY_AWAKE:
        return _("The test mail still waits. The jobs page shows whether the worker is in trouble.")
    return _("The test mail is on its way to the server.")
