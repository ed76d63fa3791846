"""Changing the organisation."""

from typing import Any
from zoneinfo import available_timezones

from babel.core import get_global
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.events.act import Act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.definitions import forget
from rapport.engine.records.fields.countries import codes
from rapport.engine.records.models import Organisation


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only to the checker
    """The organisation's settings as a person fills them in."""

    class Meta:
        model = Organisation
        fields = ("name", "country", "currency", "time_zone")
        labels = {
            "name": __("Name"),
            "country": __("Country"),
            "currency": __("Currency"),
            "time_zone": __("Time zone"),
        }
        help_texts = {
            "country": __("Phone numbers without a country code are read as numbers of this country."),
            "currency": __("Amounts without a currency are read in this one, and totals are shown in it."),
            "time_zone": __("For everything that has no reader of its own, such as schedules."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
        self.fields["country"] = _choice(self.fields["country"], [("", "—"), *_countries()])
        self.fields["currency"] = _choice(self.fields["currency"], [(code, code) for code in _currencies()])
        self.fields["time_zone"] = _choice(self.fields["time_zone"], [(name, name.replace("_", " ")) for name in zones])


def change_organisation(act: Act, organisation: Organisation, **values: Any) -> None:
    """Change the organisation's settings. Administrators only."""
    if not act.actor.is_admin:
        raise NotAllowed(_("Only administrators change the organisation's settings."))
    act.change(organisation, **values)
    forget()


def _choice(field: forms.Field, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=choices, label=field.label, help_text=field.help_text, required=field.required, initial=field.initial
    )


def _countries() -> list[tuple[str, str]]:
    return sorted(codes().items(), key=lambda pair: pair[1])


def _currencies() -> list[str]:
    return sorted(get_global("all_currencies"))
