"""Why two records look like one, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.records.registry import RecordType

MOST = 3
EXACT = frozenset({"same"})


def because(rtype: RecordType, reasons: Mapping[str, Sequence[Any]]) -> str:
    """What speaks most for it: `similar first name, same city`."""
    said = sorted(((weight, label, slug) for slug, (label, weight) in reasons.items() if weight > 0), reverse=True)
    found = []
    for _weight, label, slug in said[:MOST]:
        field = rtype.field(slug)
        if field is not None:
            words = _("same %(field)s") if label in EXACT else _("similar %(field)s")
            found.append(words % {"field": str(field.label).lower()})
    return ", ".join(found)
