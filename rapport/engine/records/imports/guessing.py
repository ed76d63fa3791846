"""Guessing where columns go: by their names in several languages, with their values as evidence."""

import re
from collections.abc import Sequence
from typing import Any

from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Reading
from rapport.engine.records.fields.countries import country_code
from rapport.engine.records.gate import may
from rapport.engine.records.imports.cells import is_nothing
from rapport.engine.records.imports.inventing import new_field
from rapport.engine.records.imports.places import EXTERNAL_ID, ID, NEVER, NEW, Place, places
from rapport.engine.records.imports.synonyms import bare_name, plain_name, whole_name, words_of
from rapport.engine.records.models import ImportRun
from rapport.engine.records.registry import RecordType, record_type

EMAIL = re.compile(r"^[^@\s;]+@[^@\s]+\.[^@\s]+$")
PHONE = re.compile(r"^\+?[\d\s()/.\-]{7,20}$")
DOMAIN = re.compile(r"^(https?://)?([\w-]+\.)+[a-z]{2,}(/\S*)?$", re.I)
UUID_TEXT = re.compile(r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$", re.I)
TITLE_LIKE = frozenset({"name", "first_name", "last_name", "emails", "phones"})

# The column that a file of refused rows has besides its own.
REASON = "Reason"

Column = dict[str, Any]


def guess_columns(
    actor: Actor, rtype: RecordType, header: Sequence[str], sample: Sequence[Sequence[str]], reading: Reading
) -> list[Column]:
    """Where each column goes and how sure that is: `sure`, `likely`, `unsure`, `new`, `empty` or `none`."""
    known = {place.to: place for place in places(actor, rtype)}
    is_ours = whole_name(header[0] if header else "") == whole_name(known[ID].label)
    names = _labels(known) if is_ours else _names(rtype, known)
    values = [[row[index].strip() for row in sample if index < len(row)] for index in range(len(header))]
    filled = [[value for value in column if not is_nothing(value)] for column in values]
    named = [_by_name(head, some, names, known, is_ours=is_ours) for head, some in zip(header, filled, strict=True)]
    by_value = {} if is_ours else known
    columns = [one or _by_value(some, by_value) or {} for one, some in zip(named, filled, strict=True)]
    columns = _once(columns, known)
    taken: set[str] = set()
    left_out = {REASON, *(str(field.label) for field in rtype.all_fields() if field.type.name in NEVER)}
    columns = [
        one or _otherwise(actor, new_field(rtype, head, some, taken), some, is_left_out=head in left_out)
        for one, head, some in zip(columns, header, filled, strict=True)
    ]
    _give_a_title(rtype, columns, filled)
    _make_what_is_named(actor, columns, known)
    for column, head in zip(columns, header, strict=True):
        column["header"] = head
    return columns


def remembered(run: ImportRun, actor: Actor, rtype: RecordType) -> ImportRun | None:
    """The last import of files with these columns, if all its places are still there."""
    before = ImportRun.objects.filter(
        record_type=run.record_type, signature=run.signature, started_at__isnull=False
    ).exclude(pk=run.pk)
    if not actor.is_admin:
        before = before.filter(user_id=actor.user_id)
    last: ImportRun | None = before.order_by("-id").first()
    known = {place.to for place in places(actor, rtype)}
    if last is None or len(last.columns) != len(run.header):
        return None
    if any(one["to"] not in known | {"", NEW} for one in last.columns):
        return None
    return last


def _names(rtype: RecordType, known: dict[str, Place]) -> dict[str, str]:
    """Plain name → place. The field's own label wins over words from elsewhere."""
    names: dict[str, str] = {}
    for to in known:
        for word in words_of(to, rtype.slug):
            names.setdefault(word, to)
    for to, place in known.items():
        names.setdefault(plain_name(place.label), to)
    for to, place in known.items():
        if place.field and to == place.field.slug:
            names[whole_name(to)] = to
    return names | _labels(known)


def _labels(known: dict[str, Place]) -> dict[str, str]:
    """What an export of ours calls the places. Whatever else it holds are fields that somebody had made."""
    return {whole_name(place.label): to for to, place in known.items()}


def _by_name(
    header: str, some: Sequence[str], names: dict[str, str], known: dict[str, Place], *, is_ours: bool
) -> Column | None:
    plain = plain_name(header)
    exact = names.get(whole_name(header)) or (None if is_ours else names.get(plain))
    to = exact or (None if is_ours else names.get(bare_name(plain)))
    if to is None:
        return None
    if to == EXTERNAL_ID and some and all(UUID_TEXT.match(value) for value in some) and plain == "rapport id":
        to = ID
    fits = _fits(known[to], some)
    if to == EXTERNAL_ID and len(set(some)) < len(some):
        return None
    return {"to": to, "sure": ("sure" if exact else "likely") if fits else "unsure"}


def _fits(place: Place, some: Sequence[str]) -> bool:
    """Whether most values look like what belongs there."""
    kind = place.field.type.name if place.field else ""
    if place.part == "country":
        return _part(some, is_country) > 0.5
    pattern = {"emails": EMAIL, "phones": PHONE, "domains": DOMAIN, "links": DOMAIN}.get(kind)
    return not some or pattern is None or _part(some, pattern.search) > 0.5


def _by_value(some: Sequence[str], known: dict[str, Place]) -> Column | None:
    for to, pattern in (("emails", EMAIL), ("domains", DOMAIN)):
        if to in known and len(some) >= 3 and _part(some, pattern.match) > 0.8:
            return {"to": to, "sure": "likely"}
    return None


def _part(some: Sequence[str], holds: Any) -> float:
    return sum(1 for value in some if holds(value)) / len(some) if some else 1.0


def is_country(value: str) -> bool:
    try:
        country_code(value)
    except Invalid:
        return False
    return True


def _once(columns: list[Column], known: dict[str, Place]) -> list[Column]:
    """A place that takes one column goes to the surest of those that want it; the others look elsewhere."""
    rank = {"sure": 0, "likely": 1, "unsure": 2}
    taken: dict[str, int] = {}
    for index, column in enumerate(columns):
        to = column.get("to")
        if not to or (known[to].takes_many and known[to].part == ""):
            continue
        other = taken.get(to)
        if other is not None and rank[columns[other]["sure"]] <= rank[column["sure"]]:
            columns[index] = {}
            continue
        if other is not None:
            columns[other] = {}
        taken[to] = index
    return columns


def _otherwise(actor: Actor, new: dict[str, str], some: Sequence[str], *, is_left_out: bool) -> Column:
    """A new field for what has values and no place, made by those who may make fields; else it is left out."""
    if not some:
        return {"to": "", "sure": "empty"}
    if is_left_out:
        return {"to": "", "sure": "none"}
    column: Column = {"new": new}
    return column | ({"to": NEW, "sure": "new"} if actor.is_admin else {"to": "", "sure": "none"})


def _make_what_is_named(actor: Actor, columns: list[Column], known: dict[str, Place]) -> None:
    """Propose to create what relations name and what is not here, where the actor may."""
    for column in columns:
        place = known.get(column["to"])
        if place and place.field and place.field.type.name == "relation":
            column["create"] = may(actor, record_type(place.field.target), "create")


def _give_a_title(rtype: RecordType, columns: list[Column], filled: Sequence[Sequence[str]]) -> None:
    """Something must name the records: else the first column whose values all differ does."""
    known_by = (TITLE_LIKE if rtype.field("emails") else {"name"}) | {rtype.title}
    if any(column.get("to", "").partition(":")[0] in known_by for column in columns):
        return
    for column, some in zip(columns, filled, strict=True):
        if some and len(set(some)) == len(some) and column["to"] in ("", NEW, EXTERNAL_ID):
            column |= {"to": rtype.title, "sure": "unsure"}
            return
