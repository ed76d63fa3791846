"""The form in which somebody shows once more who they are: by password, code or passkey."""

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.engine.accounts.factors.forms import TYPED, PasskeyForm, code_of
from rapport.engine.accounts.models import User

PREFIX = "confirm"
KEPT = f"{PREFIX}-kept"
PASSWORD, CODE, CREDENTIAL = (f"{PREFIX}-{name}" for name in ("password", "code", "credential"))
FIELDS = {PASSWORD, CODE, CREDENTIAL}


class ConfirmForm(forms.Form):
    """One of the three is enough."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    code = forms.CharField(label=gettext_lazy("Code"), required=False, max_length=40, widget=forms.TextInput(TYPED))
    credential = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, request: HttpRequest, user: User, *, is_sent: bool = True) -> None:
        super().__init__(request.POST if is_sent else None, prefix=PREFIX)
        self.request, self.user = request, user
        self.factor: Authenticator | None = None

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password and not get_adapter().reauthenticate(self.user, password):
            raise ValidationError(_("This is not your password."))
        return password

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        # A password that was typed as well decides alone, so that no code is used up for nothing.
        if code and not self.data.get(PASSWORD):
            self.factor = code_of(self.request, self.user, code)
        return code

    def clean_credential(self) -> str:
        credential: str = self.cleaned_data["credential"]
        if credential:
            touched = PasskeyForm({"credential": credential}, user=self.user)
            if not touched.is_valid():
                raise ValidationError(_("This passkey did not work. Try again."))
            self.factor = touched.cleaned_data["credential"]
        return credential

    def clean(self) -> None:
        if not self.errors and not any(self.cleaned_data.get(name) for name in self.fields):
            raise ValidationError(_("Fill in one of these."))

    def note(self) -> None:
        """Remember when and how it was shown."""
        if self.factor is None:
            record_authentication(self.request, self.user, "password", reauthenticated=True)
        else:
            post_authentication(self.request, self.factor, reauthenticated=True)
        records = get_authentication_records(self.request, self.user)
        # How somebody came in stays known, and what showed it last; what lay between is of no use.
        del records[1:-1]
        self.request.session.modified = True
