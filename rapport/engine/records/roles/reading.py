"""Policies as typed or sent, checked against the types and fields there are. Faults name the type and the verb."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.records.definitions import definitions
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.mentions import mentions
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import EVERYTHING
from rapport.engine.records.gate import EVERY_REACH, EVERY_TYPE, EVERY_VERB, Policies, Policy, Reach, goes_by_members
from rapport.engine.records.gate.asking import parents_of
from rapport.engine.records.gate.ruled import read_rule, rule_scope
from rapport.engine.records.registry import RecordType, find_record_type, record_types

Errors = dict[str, str]
ALL = dict.fromkeys(EVERY_VERB, "all")


def types_of_roles() -> list[RecordType]:
    """The types of which a role can say something of its own. Children are seen and changed as their parents are."""
    return [one for one in record_types() if one.sees_as != "*" and not goes_by_members(one)]


def can_hide(rtype: RecordType, slug: str) -> bool:
    """Whether a role may hide this field: never by what records with a page of their own are called."""
    return slug != rtype.title or bool(rtype.sees_as)


def read_policies(raw: Any) -> Policies:
    """Policies by record type from `{"people": {"reach", "where", "hidden", "locked"}}`. Raises ValidationFailed."""
    errors: Errors = {}
    if not isinstance(raw, Mapping):
        raise ValidationFailed({"policies": _("What a role grants is an object with a policy for each record type.")})
    found = {str(slug): _policy(str(slug), one, errors) for slug, one in raw.items()}
    if EVERY_TYPE not in found:
        found[EVERY_TYPE] = Policy(dict.fromkeys(EVERY_VERB, "none"))
    if not errors:
        for slug, one in found.items():
            _check_rules(slug, one, found, errors)
    if errors:
        raise ValidationFailed(errors)
    return found


def _policy(slug: str, raw: Any, errors: Errors) -> Policy:
    rtype = find_record_type(slug) if slug != EVERY_TYPE else None
    if (rtype is None and slug != EVERY_TYPE) or not isinstance(raw, Mapping):
        errors[slug] = _("There are no such records: “%(what)s”.") % {"what": slug[:60]}
        return Policy({})
    reach = _reach(slug, raw.get("reach"), errors)
    where = _where(slug, rtype, reach, raw.get("where"), errors)
    hidden, locked = (_slugs(f"{slug}.{key}", rtype, raw.get(key), errors) for key in ("hidden", "locked"))
    if rtype is not None and not can_hide(rtype, rtype.title) and rtype.title in hidden:
        words = {"what": rtype.label_plural, "field": rtype.title_field.label}
        errors[f"{slug}.hidden"] = _("What %(what)s are called is always shown: “%(field)s” can be read-only.") % words
    return Policy(reach, hidden, locked - hidden, where)


def _reach(slug: str, raw: Any, errors: Errors) -> dict[str, Reach]:
    given = raw if isinstance(raw, Mapping) else {}
    for verb in given.keys() - set(EVERY_VERB):
        errors[f"{slug}.{verb}"] = _("There is no such right: %(known)s.") % {"known": ", ".join(EVERY_VERB)}
    found: dict[str, Reach] = {}
    for verb in EVERY_VERB:
        found[verb] = reach = given.get(verb, "none")
        if reach not in EVERY_REACH:
            errors[f"{slug}.{verb}"] = _("A right reaches one of: %(known)s.") % {"known": ", ".join(EVERY_REACH)}
    return found


def _where(slug: str, rtype: RecordType | None, reach: Mapping[str, Reach], raw: Any, errors: Errors) -> dict[str, str]:
    """The filters of the verbs that reach what a filter finds, in the form in which they are kept."""
    given = raw if isinstance(raw, Mapping) else {}
    found = {}
    for verb, how_far in reach.items():
        if how_far != "filter":
            continue
        text, place = str(given.get(verb) or "").strip(), f"{slug}.{verb}"
        if rtype is None or rtype.sees_as:
            errors[place] = _("A filter asks records of one kind: choose it for people, for companies and so on.")
        elif not text:
            errors[place] = _("Write the filter, such as: owner = my team.")
        else:
            try:
                found[verb] = to_text(read_rule(rtype, text))
            except FilterError as error:
                errors[place] = str(error)
    return found


def _slugs(place: str, rtype: RecordType | None, raw: Any, errors: Errors) -> frozenset[str]:
    given = frozenset(str(one) for one in raw) if isinstance(raw, list | tuple | set | frozenset) else frozenset()
    known = _known_fields(rtype) if rtype else set()
    if strange := sorted(given - known):
        errors[place] = _("There is no field “%(slug)s” here.") % {"slug": strange[0][:60]}
    return given & known


def _known_fields(rtype: RecordType) -> set[str]:
    """Those that were deleted or are not ready yet among them: they stay hidden when they come back."""
    aside = (definitions().deleted_fields.get(rtype.slug, ()), definitions().pending_fields.get(rtype.slug, ()))
    return {one.slug for fields in (rtype.all_fields(), *aside) for one in fields}


def _check_rules(slug: str, policy: Policy, every: Policies, errors: Errors) -> None:
    """A filter asks for no field that the role hides, and sees only those others that no filter decides about."""
    rtype = find_record_type(slug)
    for verb, text in policy.where.items() if rtype else ():
        assert rtype is not None
        tree = read_rule(rtype, text)
        if tree == EVERYTHING:
            errors[f"{slug}.{verb}"] = _("This filter finds everything: choose “all”.")
        for one in mentions(tree, rule_scope(rtype)):
            other = every.get(one.record_type, every[EVERY_TYPE])
            if one.field in other.hidden:
                errors[f"{slug}.{verb}"] = _("This role hides “%(field)s”, so its filter cannot ask for it.") % {
                    "field": one.field
                }
            elif one.record_type != slug and not _sees(every, one.record_type):
                errors[f"{slug}.{verb}"] = _("This role sees no %(what)s, so its filter cannot ask for them.") % {
                    "what": one.record_type
                }


def _sees(every: Policies, slug: str) -> bool:
    """Whether a role sees any record of a type; children are seen with a parent."""
    rtype = find_record_type(slug)
    parents = parents_of(rtype) if rtype else []
    if parents:
        return any(_sees(every, parent.slug) for parent in parents)
    return every.get(slug, every[EVERY_TYPE]).reach.get("read", "none") != "none"
