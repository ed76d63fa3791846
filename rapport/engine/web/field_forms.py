"""The forms in which fields are described: what they show, and reading them back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.engine.records.custom.kinds import COLOURS, PERSONAL, Kind
from rapport.engine.records.custom.options import choices_of
from rapport.engine.records.definitions import as_field
from rapport.engine.records.fields import Field, Option
from rapport.engine.records.formulas.functions import FUNCTIONS
from rapport.engine.records.models import CustomField
from rapport.engine.web.forms import raw_value


def given(data: QueryDict, kind: Kind, row: CustomField) -> dict[str, Any]:
    """What the form says of a field, as the actions take it."""
    raw: dict[str, Any] = {name: data.get(name, "") for name in ("label", "help", "personal")}
    raw |= {"formula": data.get("formula", "")} if kind.has_formula else {}
    raw |= {flag["name"]: flag["name"] in data for flag in flags(kind)}
    if _has_default(kind, row):
        value = raw_value(data, default_field(row))
        raw["default"] = None if value == "no" else value
    return raw


def given_options(data: QueryDict) -> list[dict[str, str]]:
    """The list of options after what the pressed button does to it."""
    places = sorted({int(name.split(".")[1]) for name in data if _is_option(name)})
    rows = [{part: data.get(f"option.{place}.{part}", "") for part in ("label", "value", "colour")} for place in places]
    pressed = _number(data.get("up")), _number(data.get("down")), _number(data.get("retire"))
    for place, step in ((pressed[0], -1), (pressed[1], 1)):
        if place in range(len(rows)) and place + step in range(len(rows)):
            rows[place], rows[place + step] = rows[place + step], rows[place]
    if pressed[2] in range(len(rows)):
        del rows[pressed[2]]
    kept = [row for row in rows if row["label"].strip() or row["value"]]
    if value := data.get("revive"):
        kept.append({"value": value, "label": data.get(f"retired.{value}", ""), "colour": ""})
    return kept


def form_context(kind: Kind, row: CustomField, raw: Mapping[str, Any], errors: Mapping[str, str]) -> dict[str, Any]:
    """The form filled with what was typed, else with what the field is."""
    is_sent = bool(raw)
    return {
        "kind": kind,
        "given": {
            "label": raw.get("label", row.label),
            "help": raw.get("help", row.help),
            "personal": raw.get("personal", row.personal),
            "target": raw.get("target", row.target),
            "formula": raw.get("formula", "" if row._state.adding else row.formula),
            "options": "\n".join(raw.get("options") or []),
        },
        "flags": [{**one, "on": raw.get(one["name"]) if is_sent else getattr(row, one["name"])} for one in flags(kind)],
        "default_field": default_field(row) if _has_default(kind, row) else None,
        "default": raw.get("default") if is_sent else row.default,
        "personals": PERSONAL,
        "colours": COLOURS,
        "functions": list(FUNCTIONS.values()),
        "errors": errors,
    }


def flags(kind: Kind) -> list[dict[str, Any]]:
    """The ticks that a type knows."""
    known = [
        (kind.is_required, "required", _("Required"), _("New records and changes cannot leave it empty.")),
        (kind.is_unique, "unique", _("Unique"), _("No two records share a value; deleted ones do not count.")),
        (kind.is_searchable, "searchable", _("Found by search"), _("Its words lead to the record.")),
        (
            kind.is_indexable,
            "indexed",
            _("Often searched"),
            _("Lists can be sorted by it, and filters on it are fast."),
        ),
    ]
    return [{"name": name, "label": label, "hint": hint} for able, name, label, hint in known if able]


def default_field(row: CustomField) -> Field:
    """The field under another name, so that its own input asks for the default."""
    field = replace(as_field(row), slug="default", label=_("Default"), required=False)
    if row.type not in ("choice", "choices"):
        return field
    live = [one for one in choices_of(row) if not one.is_deleted]
    return replace(field, fixed_options=tuple(Option(one.value, one.label, one.colour) for one in live))


def _has_default(kind: Kind, row: CustomField) -> bool:
    """A new choice has no options yet to choose one from."""
    return kind.has_default and not (kind.has_options and row._state.adding)


def _is_option(name: str) -> bool:
    parts = name.split(".")
    return len(parts) == 3 and parts[0] == "option" and parts[1].isdigit() and len(parts[1]) < 5


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 5 else -1
