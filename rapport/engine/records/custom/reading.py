"""What is said of a field, read and checked: the same for the browser and the API."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.computed.graph import read_formula, refuse_cycle
from rapport.engine.records.custom.kinds import KINDS, PERSONAL, Kind, kind_of
from rapport.engine.records.custom.options import choices_of
from rapport.engine.records.custom.slugs import free_slug, read_slug
from rapport.engine.records.definitions import as_field
from rapport.engine.records.errors import Invalid, ValidationFailed
from rapport.engine.records.fields import Option
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.folding import fold
from rapport.engine.records.formulas.text import formula_text
from rapport.engine.records.models import CustomField
from rapport.engine.records.reading import reading_for
from rapport.engine.records.registry import RecordType, find_record_type

FLAGS = ("required", "unique", "searchable", "indexed")
CHANGEABLE = frozenset({"label", "help", "personal", "default", *FLAGS})
GIVEN_ONCE = frozenset({"type", "slug", "target"})
LONGEST_LABEL, LONGEST_HELP = 100, 300

Raw = Mapping[str, Any]
Values = dict[str, Any]


def holds_fields(rtype: RecordType | None) -> bool:
    """Whether fields can be made on this type: it has pages, and a column for their values."""
    return rtype is not None and rtype.section is not None and hasattr(rtype.model, "custom")


def read_new(actor: Actor, rtype: RecordType, raw: Raw) -> Values:
    """The columns of a new field. Raises ValidationFailed with a sentence for each part at fault."""
    kind = KINDS.get(str(raw.get("type", "")))
    if kind is None:
        known = ", ".join(KINDS)
        raise ValidationFailed({"type": _("Choose a type for the field: one of %(known)s.") % {"known": known}})
    errors: dict[str, str] = {}
    values: Values = {"record_type": rtype.slug, "type": kind.name}
    _take(values, errors, "slug", lambda: _slug(rtype, raw))
    if kind.has_formula:
        _take_formula(values, errors, rtype, raw.get("formula"))
    _take(values, errors, "target", lambda: _target(kind, raw.get("target") or ""))
    _read_parts(values, errors, kind, rtype, {"label": "", **raw}, besides=None)
    if not errors:
        draft = CustomField(**values)
        _take(values, errors, "default", lambda: _default(actor, kind, draft, raw.get("default")))
    if errors:
        raise ValidationFailed(errors)
    return values


def read_change(actor: Actor, rtype: RecordType, row: CustomField, raw: Raw) -> Values:
    """The columns to change on a field. Type, slug and target are permanent. Raises ValidationFailed."""
    kind = kind_of(row)
    errors = {
        name: _("This is permanent; make another field instead.")
        for name in GIVEN_ONCE & raw.keys()
        if raw[name] != getattr(row, name)
    }
    values: Values = {}
    _read_parts(values, errors, kind, rtype, {name: raw[name] for name in CHANGEABLE & raw.keys()}, besides=row)
    if "default" in raw:
        _take(values, errors, "default", lambda: _default(actor, kind, row, raw["default"]))
    if "formula" in raw and kind.has_formula:
        _take_formula(values, errors, rtype, raw["formula"], besides=row)
    if errors:
        raise ValidationFailed(errors)
    return values


def _take_formula(
    values: Values, errors: dict[str, str], rtype: RecordType, raw: Any, *, besides: CustomField | None = None
) -> None:
    """The formula in its canonical form, and what it gives; that cannot change any more once the field is there."""
    try:
        bound, inputs = read_formula(rtype, str(raw or ""))
        if besides is not None:
            refuse_cycle(rtype, besides.slug, inputs)
            if bound.kind != besides.type:
                words = {"is": KINDS[bound.kind].label, "was": KINDS[besides.type].label}
                raise Invalid(_("This gives “%(is)s”, and the field is “%(was)s”; make another field.") % words)
    except (FilterError, Invalid) as error:
        errors["formula"] = str(error)
    else:
        values |= {"formula": formula_text(bound.node), "type": str(bound.kind)}


def _read_parts(
    values: Values, errors: dict[str, str], kind: Kind, rtype: RecordType, raw: Raw, *, besides: CustomField | None
) -> None:
    if "label" in raw:
        _take(values, errors, "label", lambda: _label(rtype, raw["label"], besides))
    if "help" in raw:
        _take(values, errors, "help", lambda: _text(raw["help"], LONGEST_HELP))
    if "personal" in raw:
        _take(values, errors, "personal", lambda: _personal(raw["personal"]))
    for flag in FLAGS:
        if flag in raw:
            _take(values, errors, flag, lambda flag=flag: _flag(kind, flag, raw[flag]))


def _take(values: Values, errors: dict[str, str], name: str, read: Any) -> None:
    try:
        values[name] = read()
    except Invalid as error:
        errors[name] = str(error)


def _text(raw: Any, longest: int) -> str:
    text = " ".join(str(raw or "").replace("\0", "").split())
    if len(text) > longest:
        raise Invalid(_("At most %(limit)d characters fit here.") % {"limit": longest})
    return text


def _label(rtype: RecordType, raw: Any, besides: CustomField | None) -> str:
    label = _text(raw, LONGEST_LABEL)
    if not fold(label):
        raise Invalid(_("Give the field a name."))
    own = besides.slug if besides else ""
    if any(fold(str(field.label)) == fold(label) for field in rtype.all_fields() if field.slug != own):
        raise Invalid(_("There is a field “%(label)s” already.") % {"label": label})
    return label


def _slug(rtype: RecordType, raw: Raw) -> str:
    given = str(raw.get("slug") or "").strip()
    return read_slug(rtype, given) if given else free_slug(rtype, str(raw.get("label") or ""))


def _target(kind: Kind, raw: Any) -> str:
    if not kind.has_target:
        if raw:
            raise Invalid(_("Only a relation has a target."))
        return ""
    if not holds_fields(find_record_type(str(raw))):
        raise Invalid(_("Choose what the relation leads to."))
    return str(raw)


def _personal(raw: Any) -> str:
    if (word := str(raw or "")) not in PERSONAL:
        raise Invalid(_("Choose one of the classes of personal data."))
    return word


def _flag(kind: Kind, flag: str, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise Invalid(_("This is true or false."))
    able = {
        "required": kind.is_required, "unique": kind.is_unique,
        "searchable": kind.is_searchable, "indexed": kind.is_indexable,
    }  # fmt: skip
    if raw and not able[flag]:
        raise Invalid(_("A field of the type “%(type)s” cannot be this.") % {"type": kind.label})
    return raw


def _default(actor: Actor, kind: Kind, row: CustomField, raw: Any) -> Any:
    """A default as plain JSON that the type reads again for each new record."""
    field = as_field(row)
    if kind.has_options:
        field = replace(field, fixed_options=tuple(Option(one.value, one.label) for one in choices_of(row)))
    if raw in (None, "", []):
        return None
    if not kind.has_default:
        raise Invalid(_("A field of the type “%(type)s” has no default.") % {"type": kind.label})
    value = field.type.parse(raw, field, reading_for(actor))
    if field.type.is_empty(value) or value is False:
        return None
    kept = field.type.to_custom(value)
    return {name: kept[name] for name in ("amount", "currency")} if kind.name == "money" else kept
