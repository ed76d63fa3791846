"""Finding the records that items mean: by id, by the id in another system, or by the value of a field."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.api.queries import external_ids
from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import KEYED, Field, Reading
from rapport.engine.records.fields.entries import Entries
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.queries.sharing import sharing
from rapport.engine.records.registry import RecordType
from rapport.engine.records.survivors import survivors_of

Keys = tuple[Any, ...]
Found = Mapping[Any, list[UUID]]
SINGLE = frozenset({"text", "email", "phone", "link", "number", "date"})


class Matcher(Protocol):
    """`extra` are members of an item that are not fields of the record."""

    extra: frozenset[str]

    def keys(self, raw: Mapping[str, Any], reading: Reading) -> Keys:
        """What an item is found by; empty if it does not say. Raises Invalid."""

    def find(self, actor: Actor, rtype: RecordType, keys: Collection[Any]) -> Found:
        """Ids of the records for each key, the best first; the caller asks the gate. A constant number of queries."""


def matcher_for(actor: Actor, rtype: RecordType, match_on: Any) -> Matcher | None:
    """The matcher of that name; None where records cannot be found by it."""
    if match_on == "id":
        return ById()
    if match_on == "external_id":
        return ByExternalId()
    field = next((one for one in rtype.all_fields() if match_on in (one.slug, one.primary_path or None)), None)
    if field is None or not mask(actor, rtype).shows(field.slug):
        return None
    if isinstance(field.type, Entries):
        return ByEntry(field, field.type) if field.type.name in KEYED and not field.custom else None
    return ByValue(field) if field.type.name in SINGLE and not field.through else None


@dataclass(frozen=True)
class ById:
    """An item names its record by `id`."""

    extra = frozenset({"id"})

    def keys(self, raw: Mapping[str, Any], reading: Reading) -> Keys:
        if (given := raw.get("id")) is None:
            return ()
        key = read_id(given) if isinstance(given, str) else None
        if key is None:
            raise Invalid(_("“%(value)s” is not the id of a record.") % {"value": str(given)[:80]})
        return (key,)

    def find(self, actor: Actor, rtype: RecordType, keys: Collection[UUID]) -> Found:
        led = survivors_of(rtype, keys)
        return {key: [led.get(key, key)] for key in keys}


@dataclass(frozen=True)
class ByExternalId:
    """An item names its record as another system does: `"external_id": {"source": "shop", "id": "4711"}`."""

    extra = frozenset({"external_id"})

    def keys(self, raw: Mapping[str, Any], reading: Reading) -> Keys:
        given = raw.get("external_id")
        if given is None:
            return ()
        parts = [given.get("source"), given.get("id")] if isinstance(given, dict) and len(given) == 2 else []
        texts = [part for part in parts if isinstance(part, str) and part and "\0" not in part]
        if len(texts) != 2:
            raise Invalid(_("Write an external id as an object with the texts source and id."))
        source, key = texts
        if len(source) > 60 or len(key) > 200:
            raise Invalid(_("A source has at most 60 characters, an id in it at most 200."))
        return ((source, key),)

    def find(self, actor: Actor, rtype: RecordType, keys: Collection[tuple[str, str]]) -> Found:
        return {key: [one.record_id] for key, one in external_ids(rtype, keys).items()}


@dataclass(frozen=True)
class ByEntry:
    """An item means the record that has one of its e-mails, phones or domains; a primary one rather than another."""

    field: Field
    type: Entries
    extra = frozenset[str]()

    def keys(self, raw: Mapping[str, Any], reading: Reading) -> Keys:
        entries = self.type.parse(raw.get(self.field.slug), self.field, reading)
        return tuple(self.type.value_of(entry) for entry in entries)

    def find(self, actor: Actor, rtype: RecordType, keys: Collection[str]) -> Found:
        return sharing(rtype, self.field, self.type.key, keys)


@dataclass(frozen=True)
class ByValue:
    """An item means the record that has the same value in a field; the oldest if there are several."""

    field: Field
    extra = frozenset[str]()

    def keys(self, raw: Mapping[str, Any], reading: Reading) -> Keys:
        value = self.field.type.parse(raw.get(self.field.slug), self.field, reading)
        return () if self.field.type.is_empty(value) else (value,)

    def find(self, actor: Actor, rtype: RecordType, keys: Collection[Any]) -> Found:
        rows = visible(actor, rtype).annotate(asked=self.field.expression()).filter(asked__in=keys)
        found: dict[Any, list[UUID]] = {}
        for value, key in rows.order_by("created_at", "pk").values_list("asked", "pk"):
            found.setdefault(value, []).append(key)
        return found
