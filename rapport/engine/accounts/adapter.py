"""How allauth meets this room: no sign-up by strangers, writes through acts, mail through the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.core import context
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rapport.engine.accounts import actions, mails
from rapport.engine.accounts.known import remember
from rapport.engine.accounts.links import address_of
from rapport.engine.accounts.models import User
from rapport.engine.accounts.throttles import TooOften, guess
from rapport.engine.events.act import open_act


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Our side of allauth."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
        "email_password_mismatch": _("This e-mail address and password do not belong together."),
        "enter_current_password": _("This is not your current password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Users are invited; nobody registers."""
        return False

    def add_message(self, request: HttpRequest, level: int, *_args: Any, message: str = "", **_kwargs: Any) -> None:
        """Signing in and out shows itself, no toast says it again; only what went wrong is said."""
        if message and level >= messages.ERROR:
            messages.add_message(request, level, message)

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        remember(request, user.email)
        with open_act(user.actor) as act:
            actions.note_sign_in(act, user, how=self.how(request, user))

    def how(self, request: HttpRequest, user: User) -> str:
        """By what a user came in: “password”, “password, totp”, “link”."""
        records = get_authentication_records(request, user)
        return ", ".join(dict.fromkeys(one.get("type", one["method"]) for one in records))

    def set_password(self, user: User, password: str) -> None:
        with open_act(user.actor, reason="password") as act:
            actions.set_password(act, user, password)
        if context.request.user == user:
            record_authentication(context.request, user, "password")

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("account_login")

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        mails.send_password_reset(user, address=context["password_reset_url"])

    def get_reset_password_from_key_url(self, key: str) -> str:
        user_key, _dash, token = key.partition("-")
        return address_of(reverse("account_reset_password_from_key", args=[user_key, token]))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return get_next_redirect_url(request) or reverse("accounts:sign_in")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            # allauth takes the count back by this name when the password is right.
            self._login_failed_rl_usage = guess(request, credentials["email"].lower())
        except TooOften as refusal:
            raise ValidationError(str(refusal)) from refusal
