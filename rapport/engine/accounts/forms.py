"""What people type about users, tokens and themselves."""

from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rapport.engine.accounts.models import Mails, Scope, Theme
from rapport.engine.events.actor import MEMBER
from rapport.engine.records.gate import known_roles, role_name

REGIONS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


def role_choices() -> list[tuple[str, str]]:
    """The roles there are, by what they are called."""
    return [(role, role_name(role)) for role in known_roles()]


class SignInForm(allauth_forms.LoginForm):  # type: ignore[misc]  # allauth has no types
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, login=_("E-mail"), password=_("Password"))


class ChangePasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """The password that was and the one to be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, oldpassword=_("Current password"), password1=_("New password"), password2=_("New password again"))


class SetPasswordForm(allauth_forms.SetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """A first password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, password1=_("Password"), password2=_("Password again"))


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Whose password was forgotten."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, email=_("E-mail"))


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """A password in place of the forgotten one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, password1=_("New password"), password2=_("New password again"))


class FirstAdministratorForm(forms.Form):
    """Who runs this instance."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(label=_("Your e-mail"), widget=forms.EmailInput({"autocomplete": "email"}))


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=role_choices, initial=MEMBER)


class RoleForm(forms.Form):
    """Another role for a user."""

    role = forms.ChoiceField(label=_("Role"), choices=role_choices)


class TokenForm(forms.Form):
    """What a new token is for and may do."""

    name = forms.CharField(label=_("What is it for?"), max_length=100)
    scope = forms.ChoiceField(label=_("It may"), choices=Scope.choices, initial=Scope.READ)


class ProfileForm(forms.Form):
    """What users decide about themselves."""

    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    theme = forms.ChoiceField(label=_("Appearance"), choices=Theme.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in available_timezones() if zone.startswith(REGIONS))
        here = _("Like this installation (%(zone)s)") % {"zone": settings.TIME_ZONE}
        self.fields["time_zone"].choices = [("", here), ("UTC", "UTC"), *((zone, readable(zone)) for zone in zones)]  # type: ignore[attr-defined]  # a choice field
        self.fields["language"].choices = [("", _("Like the browser")), *settings.LANGUAGES]  # type: ignore[attr-defined]  # a choice field
        if len(settings.LANGUAGES) < 2:
            del self.fields["language"]


def clock(label: Any, *, required: bool = False) -> forms.TimeField:
    """A time of the day, in the browser's own input for it."""
    return forms.TimeField(label=label, required=required, widget=forms.TimeInput({"type": "time"}, format="%H:%M"))


class NotificationSettingsForm(forms.Form):
    """When notifications are mailed; times are in the user's zone."""

    mails = forms.ChoiceField(label=_("Mails"), choices=Mails.choices, widget=forms.RadioSelect)
    everything = forms.BooleanField(label=_("Also what is not important"), required=False)
    daily_at = clock(_("The daily mail comes at"), required=True)
    quiet_from = clock(_("Quiet from"))
    quiet_until = clock(_("Quiet until"))
    not_on_weekends = forms.BooleanField(label=_("Not on Saturdays and Sundays"), required=False)


def readable(zone: str) -> str:
    return zone.replace("_", " ")


def relabel(form: forms.Form, **labels: Any) -> None:
    """Our words on allauth's fields, and nothing in a field before somebody types."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label = label
        field.help_text = ""
        field.widget.attrs.pop("placeholder", None)
