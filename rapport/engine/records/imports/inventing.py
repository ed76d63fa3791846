"""Fields made on the spot: what a column that has no place would be as a field of its own."""

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.records.custom.slugs import free_slug, free_value
from rapport.engine.records.fields import TYPES, Field
from rapport.engine.records.folding import fold
from rapport.engine.records.imports.cells import date_order, is_date, is_nothing, is_number
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.places import NEW
from rapport.engine.records.registry import RecordType

MOST_CHOICES = 15
LONGEST_CHOICE = 50
LONGEST_LABEL = 90
NEW_TYPES = (
    "text",
    "long_text",
    "number",
    "date",
    "datetime",
    "bool",
    "choice",
    "choices",
    "email",
    "phone",
    "link",
    "tags",
)
YES_NO = frozenset({"yes", "no", "true", "false", "ja", "nein", "oui", "non", "si", "nei", "y", "n", "0", "1"})
EMAIL = re.compile(r"^[^@\s;]+@[^@\s]+\.[^@\s]+$")
MOMENT = re.compile(r"^\d{4}-\d\d?-\d\d?[T ]\d\d?:\d\d")


def new_field(rtype: RecordType, header: str, some: Sequence[str], taken: set[str]) -> dict[str, str]:
    """Slug, label and type of a field for a column with these values; `taken` are the slugs of the columns before."""
    return free_names(rtype, header, taken) | {"type": guess_type(some)}


def free_names(rtype: RecordType, header: str, taken: set[str]) -> dict[str, str]:
    """A label that no field here has, and a slug that none ever had; the slug is added to those that are taken."""
    label = stem = " ".join(header.split())[:LONGEST_LABEL] or _("Column")
    known, number = {fold(str(field.label)) for field in rtype.all_fields()}, 1
    while fold(label) in known or not fold(label):
        # A number alone would be taken for a second column of the same field when an export comes in again.
        label = _("%(label)s (own)") % {"label": stem} if number == 1 else f"{stem} (own {number})"
        number += 1
    slug = first = free_slug(rtype, label)
    number = 2
    while slug in taken:
        slug, number = f"{first[:46]}_{number}", number + 1
    taken.add(slug)
    return {"slug": slug, "label": label}


def refresh_names(rtype: RecordType, columns: Sequence[dict[str, Any]]) -> None:
    """Give the fields to be made names that are free now; since they were guessed, others may have taken them."""
    taken: set[str] = set()
    labels: set[str] = set()
    for column in columns:
        if column.get("to") == NEW:
            new = column["new"]
            column["new"] = new | free_names(rtype, str(new["label"]), taken)
            if fold(column["new"]["label"]) in labels:
                raise ImportRefused(_("Two new fields are called “%(label)s”.") % {"label": new["label"]})
            labels.add(fold(column["new"]["label"]))


def guess_type(some: Sequence[str]) -> str:
    """The narrowest type that takes all values of a sample."""
    values = [value for value in some if not is_nothing(value)]
    if not values:
        return "text"
    lowered = {value.lower() for value in values}
    if lowered <= YES_NO and (len(lowered) > 1 or not lowered <= {"0", "1"}):
        return "bool"
    if all(MOMENT.match(value) for value in values):
        return "datetime"
    if all(is_date(value) for value in values) and date_order(values):
        return "date"
    if all(is_number(value) for value in values):
        return (
            "text"
            if any(value.startswith("0") and value.isdigit() and len(value) > 1 for value in values)
            else "number"
        )
    if all(EMAIL.match(value) for value in values):
        return "email"
    if all(value.startswith(("http://", "https://")) for value in values):
        return "link"
    if max(len(value) for value in values) > 300:
        return "long_text"
    few = len(lowered) <= MOST_CHOICES and len(values) >= 4 * len(lowered)
    return "choice" if few and all(len(value) <= LONGEST_CHOICE for value in values) else "text"


def as_field(rtype: RecordType, new: dict[str, Any]) -> Field:
    """The field as it will be, before it is made: values can be read for it, but nothing is written."""
    return Field(
        slug=new["slug"], label=new["label"], type=TYPES[new["type"]], custom=True,
        choice_list=f"{rtype.slug}.{new['slug']}",
    )  # fmt: skip


def slug_of(text: str) -> str:
    """The permanent value of an option that a file brings."""
    return free_value(text, set())
