"""Lists of entries in one cell, with their kinds: `amara@x.no (work); amara@home.no (home)`."""

import json
import re
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import FieldType
from rapport.engine.records.fields.entries import Entries

KIND = re.compile(r"^(.*\S)\s+\(([^()]{1,40})\)$", re.S)
VERIFIED = "verified"
ADDRESS_PARTS = frozenset({"street", "postcode", "city", "region", "country", "kind"})


def entries_of(type_: FieldType, text: str, kind: str) -> list[dict[str, Any]]:
    """The entries of a cell as a field reads them; `kind` is that of the column."""
    assert isinstance(type_, Entries)
    parts = text.replace("\n", ";").split(";") if ";" in text or "\n" in text else (text,)
    return [_entry(type_.key, part.strip(), kind, type_.extra) for part in parts if part.strip()]


def text_of(type_: FieldType, entries: list[dict[str, Any]]) -> str:
    """A cell that `entries_of` reads back without loss."""
    assert isinstance(type_, Entries)
    return "; ".join(_shown(entry[type_.key], entry) for entry in entries)


def further_addresses(text: str) -> list[dict[str, Any]]:
    """The addresses beyond the first, as an export writes them. Raises Invalid."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise Invalid(_("Further addresses are a list as an export writes it."))
    return [{part: str(value) for part, value in one.items() if part in ADDRESS_PARTS} for one in given]


def address_texts(entries: list[dict[str, Any]]) -> str:
    """Addresses beyond the first for a cell; empty where there are none."""
    more = [{part: one[part] for part in sorted(ADDRESS_PARTS) if one.get(part)} for one in entries[1:]]
    return json.dumps(more, ensure_ascii=False) if more else ""


def _entry(key: str, text: str, kind: str, extra: tuple[str, ...]) -> dict[str, Any]:
    entry: dict[str, Any] = {key: text}
    if "kind" in extra and text.endswith(")") and (found := KIND.match(text)):
        words = [word.strip() for word in found[2].split(",")]
        entry = {key: found[1]}
        if VERIFIED in words and "verified" in extra:
            entry["verified"] = True
        kind = next((word for word in words if word != VERIFIED), kind)
    return entry | {"kind": kind} if kind and "kind" in extra else entry


def _shown(value: str, entry: dict[str, Any]) -> str:
    words = [entry["kind"]] if entry.get("kind") else []
    if entry.get("verified"):
        words.append(VERIFIED)
    return f"{value} ({', '.join(words)})" if words else value
