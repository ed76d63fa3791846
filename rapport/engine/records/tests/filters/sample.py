"""Two record types that are nothing but declarations, with a field of each type."""

from typing import Any

from rapport.engine.records.fields import TYPES, Field, Option
from rapport.engine.records.filters.scope import RecordScope
from rapport.engine.records.models import Thing
from rapport.engine.records.registry import RecordType

STAGES = (Option("lead", "Lead"), Option("at-risk", "At risk"), Option("me", "Mine"), Option("11-50", "11 to 50"))
COUNTRIES = (Option("NO", "Norway"), Option("SE", "Sweden"), Option("IS", "Iceland"), Option("IN", "India"))


class Declared(RecordType):
    """A record type without custom fields, which asks no database for them."""

    def all_fields(self) -> list[Field]:
        return list(self.fields)


def field(slug: str, kind: str, **more: Any) -> Field:
    return Field(slug=slug, label=slug.replace("_", " ").capitalize(), type=TYPES[kind], column=slug, **more)


def declare(slug: str, fields: list[Field]) -> RecordType:
    return Declared(slug=slug, model=Thing, label=slug, label_plural=slug, icon="", fields=fields)


FIRMS = declare(
    "firms",
    [
        field("name", "text"),
        field("industry", "choice", fixed_options=(Option("retail", "Retail trade"),)),
        field("parent", "relation", target="firms"),
        field("secret", "text"),
    ],
)
CLIENTS = declare(
    "clients",
    [
        field("name", "text"),
        field("about", "long_text"),
        field("size", "number"),
        field("budget", "money"),
        field("birthday", "date"),
        field("seen", "datetime"),
        field("vip", "bool"),
        field("stage", "choice", fixed_options=STAGES),
        field("country", "choice", fixed_options=COUNTRIES),
        field("markets", "choices", fixed_options=COUNTRIES),
        field("emails", "emails"),
        field("phones", "phones"),
        field("links", "links"),
        field("domains", "domains"),
        field("addresses", "addresses"),
        field("work_email", "email"),
        field("mobile", "phone"),
        field("website", "link"),
        field("firm", "relation", target="firms"),
        field("owner", "user"),
        field("tags", "tags"),
        field("photo", "file"),
        field("staff", "members"),
    ],
)
SCOPE = RecordScope(CLIENTS, lambda _type, shown: shown.slug != "secret")
