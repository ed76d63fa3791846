"""What can be made of the values of several records, and how it is called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.engine.records.fields import TYPES, Field
from rapport.engine.records.filters.tree import Function
from rapport.engine.records.related import Related

NUMBERS = frozenset({"number", "money"})
DATES = frozenset({"date", "datetime"})
# The types of fields of which something can be made; none: any that a filter can ask.
TAKES = {
    Function.SUM: NUMBERS, Function.AVG: NUMBERS, Function.MIN: NUMBERS | DATES, Function.MAX: NUMBERS | DATES,
}  # fmt: skip
COUNTED = Field(slug="count", label="", type=TYPES["number"], whole=True)
LABELS: dict[Function, Promise] = {
    Function.COUNT: _("number of %(records)s"),
    Function.SUM: _("sum of %(field)s of %(records)s"),
    Function.AVG: _("average %(field)s of %(records)s"),
    Function.MIN: _("lowest %(field)s of %(records)s"),
    Function.MAX: _("highest %(field)s of %(records)s"),
    Function.FIRST: _("%(field)s of the first of %(records)s"),
    Function.LAST: _("%(field)s of the last of %(records)s"),
}
LABELS_OF_DATES: dict[Function, Promise] = {
    Function.MIN: _("earliest %(field)s of %(records)s"),
    Function.MAX: _("latest %(field)s of %(records)s"),
}


def made_label(function: Function, field: Field, related: Related) -> str:
    """What a function makes, in words: `number of memberships`, `latest Since of memberships`."""
    special = LABELS_OF_DATES if field.type.name in DATES else {}
    words = str(special.get(function, LABELS[function]))
    return words % {"field": field.label, "records": related.label}
