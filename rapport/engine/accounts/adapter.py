"""How allauth meets this room: no sign-up by strangers, writes through acts, mail through the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rapport.engine.accounts import actions, mails
from rapport.engine.accounts.links import address_of
from rapport.engine.accounts.models import User
from rapport.engine.events.act import open_act


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Our side of allauth."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This e-mail address and password do not belong together."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
        "enter_current_password": _("This is not your current password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Users are invited; nobody registers."""
        return False

    def add_message(self, *_args: Any, **_kwargs: Any) -> None:
        """Signing in and out shows itself; no toast says it again."""

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        records = get_authentication_records(request, user)
        with open_act(user.actor) as act:
            actions.note_sign_in(act, user, how=records[-1]["method"] if records else "link")

    def set_password(self, user: User, password: str) -> None:
        with open_act(user.actor, reason="password") as act:
            actions.set_password(act, user, password)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("account_login")

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        mails.send_password_reset(user, address=context["password_reset_url"])

    def get_reset_password_from_key_url(self, key: str) -> str:
        user_key, _dash, token = key.partition("-")
        return address_of(reverse("account_reset_password_from_key", args=[user_key, token]))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Counted per account and address: a stranger who guesses shuts out himself, not the owner of the account.
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.get_client_ip(request)}"
