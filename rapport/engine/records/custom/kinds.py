"""The types of which a field can be made in the browser, and what each of them can be asked to do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.engine.records.models import CustomField


@dataclass(frozen=True)
class Kind:
    """A type as people choose it. `has_default`: a value can be set for those who give none."""

    name: str
    label: Promise
    hint: Promise
    is_unique: bool = False
    has_default: bool = False
    is_required: bool = True
    is_searchable: bool = False
    is_indexable: bool = True

    @property
    def has_options(self) -> bool:
        return self.name in ("choice", "choices")

    @property
    def has_formula(self) -> bool:
        return self.name == FORMULA

    @property
    def has_target(self) -> bool:
        return self.name == "relation"


FORMULA = "formula"
ALL = {"is_unique": True, "has_default": True, "is_searchable": True}
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("text", _("Text"), _("One line of words"), **ALL),
        Kind("long_text", _("Long text"), _("Several lines"), has_default=True, is_searchable=True),
        Kind("number", _("Number"), _("Exact, with or without decimals"), is_unique=True, has_default=True),
        Kind("money", _("Money"), _("An amount and its currency"), has_default=True),
        Kind("date", _("Date"), _("A calendar day"), is_unique=True, has_default=True),
        Kind("datetime", _("Date and time"), _("A moment, shown in the reader's zone")),
        Kind("bool", _("Yes or no"), _("A tick"), has_default=True, is_required=False, is_indexable=False),
        Kind("choice", _("Choice"), _("One of a list that you write"), has_default=True),
        Kind("choices", _("Several choices"), _("Any of a list that you write"), has_default=True),
        Kind("tags", _("Tags"), _("Free words, made by being used"), has_default=True),
        Kind("email", _("E-mail"), _("One address"), is_unique=True, is_searchable=True),
        Kind("emails", _("Several e-mails"), _("Addresses with their kinds"), is_searchable=True),
        Kind("phone", _("Phone"), _("One number"), is_unique=True, is_searchable=True),
        Kind("phones", _("Several phones"), _("Numbers with their kinds"), is_searchable=True),
        Kind("link", _("Link"), _("One web address"), **ALL),
        Kind("links", _("Several links"), _("Web addresses with their kinds"), is_searchable=True),
        Kind("domains", _("Domains"), _("Internet domains"), is_searchable=True),
        Kind("addresses", _("Postal addresses"), _("Street, town and country"), is_indexable=False),
        Kind("relation", _("Relation"), _("Another record, such as a company")),
        Kind("user", _("User"), _("Somebody of your team")),
        Kind("file", _("File"), _("A document or a picture"), is_required=False, is_indexable=False),
        Kind(FORMULA, _("Formula"), _("Worked out from other fields"), is_required=False, is_indexable=False),
    )
}


def kind_of(row: CustomField) -> Kind:
    """The type of a field as people chose it."""
    return KINDS[FORMULA if row.formula else row.type]


PERSONAL: dict[str, Promise] = {
    "": _("Not personal"),
    "identity": _("Says who someone is"),
    "contact": _("Says how to reach someone"),
    "sensitive": _("Sensitive, such as health or belief"),
}
COLOURS: dict[str, Promise] = {
    "": _("Grey"),
    "good": _("Green"),
    "warn": _("Amber"),
    "bad": _("Red"),
    "info": _("Blue"),
    "accent": _("Accent"),
}
