"""Fields made on the spot: what a column that has no place would be as a field of its own."""

import re
from collections.abc import Sequence
from typing import Any

from rapport.engine.records.custom.slugs import free_slug
from rapport.engine.records.fields import TYPES, Field
from rapport.engine.records.folding import fold
from rapport.engine.records.imports.cells import date_order, is_date, is_nothing, is_number
from rapport.engine.records.registry import RecordType

MOST_CHOICES = 15
LONGEST_CHOICE = 50
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
    label = header[:100]
    slug = stem = free_slug(rtype, label)
    number = 2
    while slug in taken:
        slug, number = f"{stem[:46]}_{number}", number + 1
    taken.add(slug)
    return {"slug": slug, "label": label, "type": guess_type(some)}


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
    return re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_")[:50]
