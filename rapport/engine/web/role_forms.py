"""What a role grants as a form: a row for each record type, a select for each verb and for each field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import EVERY_REACH, EVERY_TYPE, EVERY_VERB, Verb
from rapport.engine.records.registry import RecordType, find_record_type
from rapport.engine.records.roles.reading import can_hide, types_of_roles

Json = dict[str, Any]
# By record type: `like` (has no policy of its own), `reach`, `where`, `hidden` and `locked`, as they were typed.
Typed = dict[str, Json]
SHOWN, LOCKED, HIDDEN = "", "locked", "hidden"
OF_OWNERS = ("own", "team", "tree")


@dataclass(frozen=True)
class Cell:
    """How far one verb reaches."""

    verb: Verb
    label: str
    reach: str
    where: str
    options: list[tuple[str, str]]
    error: str


@dataclass(frozen=True)
class Shown:
    """A field, and whether it is shown, read-only or hidden."""

    slug: str
    label: str
    state: str
    can_lock: bool
    can_hide: bool


@dataclass(frozen=True)
class Row:
    """What a role grants on one record type, or on all others."""

    slug: str
    label: str
    is_like: bool
    cells: list[Cell]
    fields: list[Shown]
    error: str

    @property
    def is_rest(self) -> bool:
        return self.slug == EVERY_TYPE

    @property
    def of(self) -> dict[str, int]:
        """How many fields are hidden and read-only."""
        return {state: sum(one.state == state for one in self.fields) for state in (HIDDEN, LOCKED)}


def verb_labels() -> dict[Verb, str]:
    """The verbs as they stand above a column."""
    return {
        "read": _("See"), "create": _("Create"), "change": _("Change"),
        "delete": _("Delete"), "export": _("Export"), "import": _("Import"),
    }  # fmt: skip


def reach_labels() -> dict[str, str]:
    """How far a verb can reach, in words."""
    return {
        "none": _("None"), "own": _("Own"), "team": _("Team"), "tree": _("Team and below"),
        "filter": _("By filter"), "all": _("All"),
    }  # fmt: skip


def typed_of(kept: Mapping[str, Any]) -> Typed:
    """What stands in the form for policies as they are kept. A type without one of its own shows that of all others."""
    rest = kept.get(EVERY_TYPE) or {"reach": dict.fromkeys(EVERY_VERB, "none")}
    found: Typed = {EVERY_TYPE: _plain(rest, like=False)}
    for rtype in types_of_roles():
        found[rtype.slug] = _plain(kept.get(rtype.slug) or rest, like=rtype.slug not in kept)
    return found


def typed_in(post: Mapping[str, str], now: Typed) -> Typed:
    """What was sent. What the form did not ask for, such as a field made since, stays as it is now."""
    return {slug: _sent(post, slug, one) for slug, one in now.items()}


def as_sent(typed: Typed, kept: Mapping[str, Any]) -> Json:
    """Policies to be read. Those of types of which the form does not speak stay. Raises ValidationFailed."""
    found = {slug: one for slug, one in kept.items() if slug not in typed and find_record_type(slug)}
    for slug, one in typed.items():
        if strange := one.get("strange"):
            said = _("A field is shown, read-only or hidden, not “%(what)s”.") % {"what": strange[:60]}
            raise ValidationFailed({f"{slug}.hidden": said})
        rtype = find_record_type(slug)
        is_said = bool(one["hidden"] or one["locked"]) if rtype and rtype.sees_as else not one["like"]
        if is_said:
            reach = {} if rtype and rtype.sees_as else one["reach"]
            found[slug] = {"reach": reach, "where": one["where"], "hidden": one["hidden"], "locked": one["locked"]}
    return found


def rows_of(typed: Typed, errors: Mapping[str, str]) -> list[Row]:
    """The rows of the form: each type by its place in the side bar, then all others."""
    types = sorted(types_of_roles(), key=lambda one: (bool(one.sees_as), one.place))
    return [*(_row(rtype.slug, rtype, typed, errors) for rtype in types), _row(EVERY_TYPE, None, typed, errors)]


def _plain(one: Mapping[str, Any], *, like: bool) -> Json:
    return {
        "like": like,
        "reach": {verb: (one.get("reach") or {}).get(verb, "none") for verb in EVERY_VERB},
        "where": dict(one.get("where") or {}),
        "hidden": sorted(one.get("hidden") or ()),
        "locked": sorted(one.get("locked") or ()),
    }


def _sent(post: Mapping[str, str], slug: str, now: Json) -> Json:
    rtype = find_record_type(slug)
    states = {name: HIDDEN if name in now["hidden"] else LOCKED for name in (*now["hidden"], *now["locked"])}
    asked = {one.slug: post.get(f"{slug}.field.{one.slug}") for one in rtype.all_fields()} if rtype else {}
    states |= {name: state for name, state in asked.items() if state is not None}
    is_asked = any(f"{slug}.{verb}" in post for verb in EVERY_VERB)
    found = {
        "like": f"{slug}.like" in post if is_asked else now["like"],
        "reach": {verb: post.get(f"{slug}.{verb}", now["reach"][verb]) for verb in EVERY_VERB},
        "where": {verb: post.get(f"{slug}.{verb}.where", now["where"].get(verb, "")) for verb in EVERY_VERB},
        "hidden": sorted(name for name, state in states.items() if state == HIDDEN),
        "locked": sorted(name for name, state in states.items() if state == LOCKED),
    }
    strange = next((state for state in states.values() if state not in (SHOWN, LOCKED, HIDDEN)), "")
    return found | ({"strange": strange} if strange else {})


def _row(slug: str, rtype: RecordType | None, typed: Typed, errors: Mapping[str, str]) -> Row:
    one = typed[slug]
    has_cells = rtype is None or not rtype.sees_as
    return Row(
        slug=slug,
        label=str(rtype.label_plural).capitalize() if rtype else _("All other records"),
        is_like=one["like"] and has_cells,
        cells=[_cell(slug, rtype, verb, one, errors) for verb in EVERY_VERB] if has_cells else [],
        fields=[_shown(rtype, field, one) for field in rtype.all_fields()] if rtype else [],
        error=errors.get(f"{slug}.hidden") or errors.get(f"{slug}.locked") or errors.get(slug, ""),
    )


def _cell(slug: str, rtype: RecordType | None, verb: Verb, one: Json, errors: Mapping[str, str]) -> Cell:
    reach, words = one["reach"][verb], reach_labels()
    has_owner = rtype is None or rtype.field("owner") is not None
    offered: list[tuple[str, str]] = [
        (value, words[value])
        for value in EVERY_REACH
        if value == reach or ((has_owner or value not in OF_OWNERS) and (rtype is not None or value != "filter"))
    ]
    where = one["where"].get(verb, "")
    return Cell(verb, verb_labels()[verb], reach, where, offered, errors.get(f"{slug}.{verb}", ""))


def _shown(rtype: RecordType, field: Field, one: Json) -> Shown:
    state = HIDDEN if field.slug in one["hidden"] else LOCKED if field.slug in one["locked"] else SHOWN
    can_lock = state == LOCKED or not (field.readonly or field.computed)
    return Shown(field.slug, str(field.label), state, can_lock, state == HIDDEN or can_hide(rtype, field.slug))
