"""Fields that hold several entries, the first of which is primary: e-mails, phones, links, addresses.

Each entry is a small object with an id of its own, so that edits from two sides meet entry by entry.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from rapport.engine.events.ids import uuid7_text
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields.countries import country_code
from rapport.engine.records.fields.field import Field, Reading
from rapport.engine.records.fields.phones import phone_number
from rapport.engine.records.fields.types import FieldType, Text, text_of, web_address

MAX_ENTRIES = 50
MAX_PART = 300  # characters of a street, a city or a kind; what is sorted by must fit into an index


class Email(Text):
    """One e-mail address, in its normal form."""

    name = "email"

    def parse(self, raw: Any, field: Field, reading: Reading) -> str:
        text = super().parse(raw, field, reading)
        return email_address(text) if text else ""


class Phone(Text):
    """One phone number, in E.164."""

    name = "phone"

    def parse(self, raw: Any, field: Field, reading: Reading) -> str:
        text = super().parse(raw, field, reading)
        return phone_number(text, reading.region) if text else ""


class Entries(FieldType):
    """A list of entries. Accepts a list of objects, a list of values, or one text with values split by `;` or lines."""

    empty: ClassVar[Any] = []
    orders = False
    output = None
    key: ClassVar[str]
    extra: ClassVar[tuple[str, ...]] = ("kind",)

    def parse(self, raw: Any, field: Field, reading: Reading) -> list[dict[str, Any]]:
        given = [self._entry(item, reading) for item in _items(raw)]
        entries = [entry for entry in given if entry.get(self.key)]
        if len(entries) == 1:
            return [{**entries[0], "primary": True}]
        if len(entries) > MAX_ENTRIES:
            raise Invalid(_("At most %(limit)d entries fit here.") % {"limit": MAX_ENTRIES})
        unique = list({entry[self.key]: entry for entry in reversed(entries)}.values())[::-1]
        return _primary_first(unique)

    def replacing(self, old: Any, new: Any) -> Any:
        """An entry is the same if its id is, or its value: it keeps its id and what the new one does not speak of."""
        by_id = {entry.get("id"): entry for entry in old or []}
        named = {entry["id"] for entry in new} & by_id.keys()
        by_value = {self.value_of(entry): entry for entry in old or [] if entry.get("id") not in named}
        kept = []
        for entry in new:
            was = by_id.pop(entry["id"], None) or by_value.pop(self.value_of(entry), None)
            kept.append(self.joined(was, entry) if was else entry)
        return kept

    def value_of(self, entry: Mapping[str, Any]) -> Any:
        """What makes two entries the same."""
        return entry[self.key]

    def joined(self, was: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
        """An entry in place of an earlier one; a new value is not verified because the old one was."""
        silent = {name for name in self.extra if name in was and name not in entry}
        if self.value_of(was) != self.value_of(entry):
            silent -= {"verified"}
        return {**entry, **{name: was[name] for name in silent}, "id": was.get("id") or entry["id"]}

    def from_custom(self, value: Any) -> Any:
        return list(value or [])

    def to_text(self, value: Any, field: Field) -> str:
        return "; ".join(entry[self.key] for entry in value or [])

    def check(self, text: str, reading: Reading) -> str:
        """The normal form of one entry's value, or Invalid."""
        raise NotImplementedError

    def _entry(self, item: Any, reading: Reading) -> dict[str, Any]:
        item = item if isinstance(item, Mapping) else {self.key: item}
        if unknown := item.keys() - {"id", "primary", self.key, *self.extra}:
            raise Invalid(_("“%(key)s” is not known here.") % {"key": sorted(unknown)[0]})
        text = text_of(item.get(self.key)).strip()
        entry: dict[str, Any] = {"id": _entry_id(item.get("id")), self.key: self.check(text, reading) if text else ""}
        for name in self.extra:
            if isinstance(part := item.get(name), bool | str):
                entry[name] = part if isinstance(part, bool) else _part(part)
        entry["primary"] = bool(item.get("primary"))
        return entry


class Emails(Entries):
    """Several e-mail addresses: `{"id", "email", "kind", "primary", "verified"}`."""

    name = "emails"
    key = "email"
    extra = ("kind", "verified")

    def check(self, text: str, reading: Reading) -> str:
        return email_address(text)


class Phones(Entries):
    """Several phone numbers: `{"id", "phone", "kind", "primary", "verified"}`, in E.164."""

    name = "phones"
    key = "phone"
    extra = ("kind", "verified")

    def check(self, text: str, reading: Reading) -> str:
        return phone_number(text, reading.region)


class Links(Entries):
    """Several web addresses: `{"id", "url", "kind", "primary"}`."""

    name = "links"
    key = "url"

    def check(self, text: str, reading: Reading) -> str:
        return web_address(text)


class Domains(Entries):
    """Several internet domains, lower case and without www: `{"id", "domain", "primary"}`."""

    name = "domains"
    key = "domain"

    def check(self, text: str, reading: Reading) -> str:
        host = text.lower().split("://")[-1].split("/")[0].split("@")[-1].removeprefix("www.").rstrip(".")
        if "." not in host or " " in host or len(host) > 253:
            raise Invalid(_("“%(value)s” is not a domain such as fjellfjord.no.") % {"value": text[:80]})
        return host


class Addresses(Entries):
    """Several postal addresses: `{"id", "street", "postcode", "city", "region", "country", "kind", "primary"}`."""

    name = "addresses"
    parts = ("street", "postcode", "city", "region", "country")
    extra = ("kind", *parts)

    def value_of(self, entry: Mapping[str, Any]) -> Any:
        return tuple(entry.get(part) or "" for part in self.parts)

    def parse(self, raw: Any, field: Field, reading: Reading) -> list[dict[str, Any]]:
        items = [raw] if isinstance(raw, Mapping) else raw or []
        if not isinstance(items, list):
            raise Invalid(_("An address is sent as an object with street, postcode, city, region and country."))
        entries = [entry for item in items if (entry := self._address(item)) is not None]
        return _primary_first(entries[:MAX_ENTRIES])

    def to_text(self, value: Any, field: Field) -> str:
        return "; ".join(", ".join(entry[part] for part in self.parts if entry.get(part)) for entry in value or [])

    def _address(self, item: Any) -> dict[str, Any] | None:
        if not isinstance(item, Mapping):
            raise Invalid(_("An address is sent as an object with street, postcode, city, region and country."))
        unknown = item.keys() - {"id", "primary", *self.extra}
        if unknown:
            raise Invalid(_("“%(key)s” is not a part of an address.") % {"key": sorted(unknown)[0]})
        entry = {name: _part(item.get(name)) for name in self.extra}
        if not any(entry[part] for part in self.parts):
            return None
        entry["country"] = country_code(entry["country"]) if entry["country"] else ""
        return {"id": _entry_id(item.get("id")), **entry, "primary": bool(item.get("primary"))}


# What nearly all addresses look like; the whole check costs forty times as much, which a million rows would feel.
USUAL_ADDRESS = re.compile(
    r"[a-z0-9_]+(?:[.+-][a-z0-9_]+){0,5}@(?:[a-z0-9]{1,30}[.-]){0,3}[a-z0-9]{1,30}"
    r"\.(?!arpa$|invalid$|local$|localhost$|onion$)[a-z]{2,24}"
)


def email_address(text: str) -> str:
    """The normal form of an address, all in lower case, so that one box is one text. Its existence is not checked."""
    lowered = text.lower()
    if len(text) < 60 and USUAL_ADDRESS.fullmatch(lowered):
        return lowered
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise Invalid(_("“%(value)s” is not an e-mail address: %(why)s") % {"value": text[:80], "why": error}) from None


def _items(raw: Any) -> list[Any]:
    if raw in (None, ""):
        return []
    if isinstance(raw, Mapping):
        return [raw]
    if isinstance(raw, list | tuple):
        return list(raw)
    return [part for part in str(raw).replace("\n", ";").split(";") if part.strip()]


def _part(raw: Any) -> str:
    if not raw and raw != 0:
        return ""
    text = " ".join(text_of(raw).split())
    if len(text) > MAX_PART:
        words = {"value": text[:30], "limit": MAX_PART}
        raise Invalid(_("“%(value)s…” is too long; at most %(limit)d characters fit here.") % words)
    return text


def _primary_first(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    first = next((index for index, entry in enumerate(entries) if entry["primary"]), 0)
    ordered = entries[first : first + 1] + entries[:first] + entries[first + 1 :]
    return [{**entry, "primary": index == 0} for index, entry in enumerate(ordered)]


def _entry_id(given: Any) -> str:
    if given is None:
        return uuid7_text()
    try:
        return str(UUID(str(given)))
    except ValueError:
        return uuid7_text()
