"""What would be another in a role: for each of its users, and against what somebody else saved meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from rapport.engine.records.errors import EditConflict
from rapport.engine.records.gate import EVERY_TYPE, EVERY_VERB, Policies, Policy, Verb
from rapport.engine.records.queries import Count
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.roles.affecting import Affected, Difference
from rapport.engine.records.showing import face
from rapport.engine.web.role_forms import reach_labels, verb_labels


@dataclass(frozen=True)
class Line:
    """One thing that changes: what it is, what it was and what it becomes. Without these it is only said."""

    what: str
    before: str = ""
    after: str = ""


def shown(one: Affected, then: Policies, now: Policies) -> dict[str, Any]:
    """What changes for one user, by record type."""
    by_type: dict[str, list[Line]] = {}
    for difference in one.differences:
        label = str(difference.rtype.label_plural).capitalize()
        by_type.setdefault(label, []).extend(_lines(difference, then, now))
    return {"name": str(one.user), "face": face(str(one.user), one.user.pk), "types": by_type}


def told(conflict: EditConflict) -> list[Line]:
    """What somebody else saved, beside what one was about to save over it."""
    found: list[Line] = []
    for one in conflict.conflicts:
        if one.slug == "policies":
            found += _between(one.theirs, one.yours)
        else:
            label = {"name": _("Name"), "purpose": _("What it is for")}[one.slug]
            found.append(Line(label, one.theirs or "—", one.yours or "—"))
    return found


def _lines(one: Difference, then: Policies, now: Policies) -> list[Line]:
    if one.verb is not None:
        return [_of_reach(one, one.verb, then, now)]
    kinds = {_("hidden"): one.hidden, _("shown"): one.shown, _("read-only"): one.locked, _("changeable"): one.unlocked}
    return [Line(f"{', '.join(labels)}: {kind}") for kind, labels in kinds.items() if labels]


def _of_reach(one: Difference, verb: Verb, then: Policies, now: Policies) -> Line:
    label = verb_labels()[verb]
    if one.before is not None and one.after is not None:
        return Line(label, _number(one.before), _number(one.after))
    words = reach_labels()
    before, after = (words[_policy(each, one.rtype.slug).reach.get(verb, "none")] for each in (then, now))
    return Line(label, before, after)


def _policy(policies: Policies, slug: str) -> Policy:
    return policies.get(slug) or policies.get(EVERY_TYPE) or Policy({})


def _number(found: Count) -> str:
    return number_format(found.value, use_l10n=True, force_grouping=True) + ("" if found.exact else "+")


def _between(theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> list[Line]:
    """Two sets of policies as they are kept, cell by cell."""
    found = []
    for slug in sorted({*theirs, *yours}):
        rtype = find_record_type(slug)
        what = str(rtype.label_plural).capitalize() if rtype else _("All other records")
        one, other = theirs.get(slug), yours.get(slug)
        if one is None or other is None:
            like, own = _("Like all other records"), _("On their own")
            found.append(Line(what, like if one is None else own, like if other is None else own))
            continue
        for verb in EVERY_VERB:
            words = [_reach(each, verb) for each in (one, other)]
            if words[0] != words[1]:
                found.append(Line(f"{what}: {verb_labels()[verb]}", *words))
        for key, label in (("hidden", _("hidden fields")), ("locked", _("read-only fields"))):
            slugs = [", ".join(_labels(slug, each.get(key) or ())) or "—" for each in (one, other)]
            if slugs[0] != slugs[1]:
                found.append(Line(f"{what}: {label}", *slugs))
    return found


def _reach(policy: Mapping[str, Any], verb: Verb) -> str:
    where = (policy.get("where") or {}).get(verb)
    return where or reach_labels().get((policy.get("reach") or {}).get(verb, "none"), "")


def _labels(slug: str, slugs: Sequence[str]) -> list[str]:
    rtype = find_record_type(slug)
    labels = {one.slug: str(one.label) for one in rtype.all_fields()} if rtype else {}
    return [labels.get(one, one) for one in slugs]
