"""Which records the rows of a chunk mean: one query for each way to match, through the gate."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.records.fields import KEYED, Field
from rapport.engine.records.gate import mask, visible, within_reach
from rapport.engine.records.imports.compiled import Compiled
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.places import EXTERNAL_ID, ID
from rapport.engine.records.imports.rows import Read
from rapport.engine.records.models import ExternalId
from rapport.engine.records.queries.sharing import sharing
from rapport.engine.records.registry import RecordType
from rapport.engine.records.survivors import survivors_of

SINGLE = frozenset({"text", "email", "phone", "link", "number", "date"})


def match_choices(actor: Actor, rtype: RecordType) -> list[str]:
    """Ways to match that a type offers, the best first; several are joined by `+` and asked in order."""
    allowed = mask(actor, rtype)
    fields = [field for field in rtype.all_fields() if allowed.shows(field.slug)]
    slugs = [field.slug for field in fields if field.type.name in KEYED and not field.custom]
    first = "domains+name" if "domains" in slugs else "emails" if "emails" in slugs else rtype.title
    unique = [field.slug for field in fields if field.unique and field.type.name in SINGLE]
    return list(dict.fromkeys([first, *slugs, *unique, rtype.title, EXTERNAL_ID, ID]))


def match_named(rtype: RecordType, text: str) -> str:
    """A way to match as people name it: `email` → `emails`. Raises ImportRefused."""
    named = {word: field.slug for field in rtype.all_fields() for word in (field.slug, field.primary_path) if word}
    ways = []
    for word in filter(None, text.split("+")):
        way = word if word in (ID, EXTERNAL_ID) else named.get(word)
        if way is None:
            raise ImportRefused(_("Records cannot be found by “%(word)s”.") % {"word": word[:60]})
        ways.append(way)
    return "+".join(ways)


def find_rows(compiled: Compiled, rows: Iterable[Read]) -> dict[str, Any]:
    """The records that keys mean, as model instances, found by any of a row's addresses.

    Of several the best: that of the earlier address of the row, then by its primary entry, then the oldest.
    """
    asked: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        if row.key:
            way, _colon, value = row.key.partition(":")
            known = asked.setdefault(way, {}).setdefault(row.key, [])
            known += [one for one in _values(compiled, row, way, value) if one not in known]
    candidates: dict[str, list[UUID]] = {}
    for way, keys in asked.items():
        found = _candidates(compiled, way, {value for values in keys.values() for value in values})
        for key, values in keys.items():
            candidates[key] = [one for value in values for one in found.get(value, ())]
    wanted = {one for found in candidates.values() for one in found}
    seen = {row.pk: row for row in visible(compiled.actor, compiled.rtype).filter(pk__in=wanted)} if wanted else {}
    return {
        key: seen[best]
        for key, found in candidates.items()
        if (best := next((one for one in found if one in seen), None))
    }


def within_change(compiled: Compiled, found: Iterable[Any]) -> set[UUID]:
    """Ids of those records that the actor may change."""
    keys = [row.pk for row in found]
    rows = compiled.rtype.rows().filter(pk__in=keys)
    reach = within_reach(compiled.actor, compiled.rtype, "change", rows)
    reach = within_reach(compiled.actor, compiled.rtype, "import", reach)
    return set(reach.values_list("pk", flat=True)) if keys else set()


def unique_troubles(compiled: Compiled, rows: Collection[Read], found: dict[str, Any]) -> dict[int, tuple[Field, str]]:
    """Rows whose value in a unique field belongs to another record, or stands in an earlier row of the chunk."""
    troubles: dict[int, tuple[Field, str]] = {}
    for field in compiled.fields.values():
        if not field.unique:
            continue
        asked = {row.n: row.values[field.slug] for row in rows if not field.type.is_empty(row.values.get(field.slug))}
        live = compiled.rtype.rows().filter(deleted_at=None).annotate(asked=field.expression())
        held = dict(live.filter(asked__in=list(asked.values())).values_list("asked", "pk")) if asked else {}
        seen: set[Any] = set()
        for row in rows:
            value = asked.get(row.n)
            if value is None:
                continue
            own = found[row.key].pk if row.key in found else None
            if value in seen or held.get(value, own) != own:
                troubles[row.n] = (field, str(value))
            seen.add(value)
    return troubles


def _values(compiled: Compiled, row: Read, way: str, value: str) -> list[str]:
    """All that a row is looked for by: each of its addresses, else the one value of its key."""
    to = compiled.field(way)
    if to is None or to.type.name not in KEYED:
        return [value]
    return [to.type.value_of(entry) for entry in row.values.get(way) or ()] or [value]  # type: ignore[attr-defined]  # lists of entries have it


def _candidates(compiled: Compiled, way: str, keys: Collection[str]) -> dict[str, list[UUID]]:
    rtype = compiled.rtype
    if way == ID:
        named = {value: key for value in keys if (key := read_id(value))}
        led = survivors_of(rtype, named.values())
        return {value: [led.get(key, key)] for value, key in named.items()}
    if way == EXTERNAL_ID:
        source = source_of(compiled)
        known = ExternalId.objects.filter(record_type=rtype.slug, source=source, value__in=keys, deleted_at=None)
        return {value: [key] for value, key in known.values_list("value", "record_id")}
    field = compiled.field(way)
    assert field is not None
    if field.type.name in KEYED:
        return sharing(rtype, field, field.type.key, keys)  # type: ignore[attr-defined]  # lists of entries have it
    if field in compiled.new_fields:
        return {}
    return _by_value(compiled, field, keys)


def _by_value(compiled: Compiled, field: Field, keys: Collection[str]) -> dict[str, list[UUID]]:
    rows = visible(compiled.actor, compiled.rtype)
    if field.fold_path:
        pairs = rows.filter(**{f"{field.fold_path}__in": list(keys)}).order_by("created_at", "pk")
        found: Iterable[tuple[str, UUID]] = pairs.values_list(field.fold_path, "pk")
    else:
        asked = [field.type.from_custom(value) for value in keys]
        rows = rows.annotate(asked=field.expression()).filter(asked__in=asked).order_by("created_at", "pk")
        found = ((str(field.type.to_custom(value)), key) for value, key in rows.values_list("asked", "pk"))
    by_value: dict[str, list[UUID]] = {}
    for value, key in found:
        by_value.setdefault(value, []).append(key)
    return {value: some for value, some in by_value.items() if value in keys}


def source_of(compiled: Compiled) -> str:
    """Whose ids external ids are."""
    return compiled.source or "import"
