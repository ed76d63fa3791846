"""Why two records look like one, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.records.fields import Field
from rapport.engine.records.registry import RecordType

MOST = 3


def because(rtype: RecordType, reasons: Mapping[str, Sequence[Any]]) -> str:
    """What speaks most for it: `similar first name, same city`."""
    said = sorted(((weight, label, slug) for slug, (label, weight) in reasons.items() if weight > 0), reverse=True)
    words = (in_words(field, label) for _weight, label, slug in said[:MOST] if (field := rtype.field(slug)))
    return ", ".join(dict.fromkeys(words))


def in_words(field: Field | None, label: str) -> str:
    """What comparing two values of a field came to."""
    return answers().get(label, "%(field)s") % {"field": str(field.label).lower() if field else ""}


def answers() -> dict[str, str]:
    """What a comparison may come to, by the labels of its levels."""
    return {
        "same": _("same %(field)s"), "alike": _("similar %(field)s"), "near": _("somewhat similar %(field)s"),
        "part": _("%(field)s in part the same"), "partly": _("%(field)s in part the same"),
        "swapped": _("first and last name swapped"), "strayed": _("first and last name mixed up"),
        "shared": _("%(field)s that many may share"), "place": _("same town"), "postcode": _("same postcode"),
        "city": _("same city"),
        "region": _("same region"), "country": _("same country"), "different": _("different %(field)s"),
        "far": _("%(field)s far apart"),
    }  # fmt: skip
