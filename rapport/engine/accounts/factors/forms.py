"""What people type or touch to show that it is them."""

from typing import Any

from allauth.core import context
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.engine.accounts.factors.spending import spend_code
from rapport.engine.accounts.factors.totp import period_of
from rapport.engine.accounts.models import User
from rapport.engine.accounts.throttles import TooOften, try_code

NO_PASSKEY = gettext_lazy("This did not work. Try again.")
TYPED = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class CodeForm(forms.Form):
    """A code of the authenticator app or a recovery code, after the password."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, widget=forms.TextInput(TYPED))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.factor: Authenticator | None = None

    @property
    def has_app(self) -> bool:
        """Whether there is an app whose code could be typed, and not only recovery codes."""
        return bool(Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).count())

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        self.factor = code_of(context.request, self.user, code)
        return code

    def save(self) -> None:
        post_authentication(context.request, self.factor)


class PasskeyForm(passkey_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey after the password."""

    def clean_credential(self) -> Authenticator:
        require_shape(self.cleaned_data["credential"])
        return super().clean_credential()


class PasskeySignInForm(passkey_forms.LoginWebAuthnForm, PasskeyForm):  # type: ignore[misc]  # allauth has no types
    """A passkey alone: it knows whose it is."""


class NewPasskeyForm(passkey_forms.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """What the browser sends of a passkey that it has just made."""

    def clean_credential(self) -> dict[str, Any]:
        credential: dict[str, Any] = self.cleaned_data["credential"]
        require_shape(credential)
        return credential

    def clean(self) -> Any:
        try:
            return super().clean()
        except (KeyError, ValueError, IndexError) as error:
            raise ValidationError(NO_PASSKEY) from error


def require_shape(credential: Any) -> None:
    """Refuse what no browser sends, before allauth takes it apart. Raises ValidationError."""
    said = credential.get("response") if isinstance(credential, dict) else None
    if not isinstance(said, dict) or not all(isinstance(credential.get(name), str) for name in ("id", "rawId", "type")):
        raise ValidationError(NO_PASSKEY)


def code_of(request: HttpRequest, user: User, typed: str) -> Authenticator:
    """The factor whose code was typed; the code is used up. Raises ValidationError."""
    try:
        tries = try_code(request, user)
    except TooOften as refusal:
        raise ValidationError(str(refusal)) from refusal
    factor = spend_code(user, typed)
    if factor is None:
        raise ValidationError(_("This code is wrong, or was used before. Type the newest one."))
    tries.rollback()
    return factor


class AppForm(forms.Form):
    """The first code of a new authenticator app. `secret` is clear here and sealed on the page."""

    code = forms.CharField(label=gettext_lazy("Code that the app shows"), max_length=20, widget=forms.TextInput(TYPED))

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret = secret
        self.period = 0

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        period = period_of(self.secret, code)
        if period is None:
            raise ValidationError(
                _("This is not the code that the app shows now. Does the clock of the phone go right?")
            )
        self.period = period
        return code


class PasskeyNameForm(forms.Form):
    """What a passkey is called."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
