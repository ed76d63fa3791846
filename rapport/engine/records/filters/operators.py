"""Which operators a type of field knows, and how each is called where people choose it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.engine.records.filters.tree import Op

EMPTINESS = (Op.EMPTY, Op.FILLED)
EQUALITY = (Op.EQ, Op.NE, Op.IN, Op.NOT_IN)
TEXTUAL = (Op.EQ, Op.NE, Op.CONTAINS, Op.LACKS, Op.STARTS, Op.IN, Op.NOT_IN, *EMPTINESS)
ORDERED = (Op.EQ, Op.NE, Op.GT, Op.GE, Op.LT, Op.LE)

OPERATORS: dict[str, tuple[Op, ...]] = {
    "text": TEXTUAL,
    "long_text": (Op.CONTAINS, Op.LACKS, *EMPTINESS),
    "number": (*ORDERED, Op.IN, Op.NOT_IN, *EMPTINESS),
    "count": (*ORDERED, Op.IN, Op.NOT_IN),
    "money": (*ORDERED, *EMPTINESS),
    "date": (*ORDERED, Op.WITHIN, *EMPTINESS),
    "datetime": (*ORDERED, Op.WITHIN, *EMPTINESS),
    "bool": (Op.EQ, Op.NE),
    "choice": (*EQUALITY, *EMPTINESS),
    "choices": (*EQUALITY, *EMPTINESS),
    "tags": (*EQUALITY, *EMPTINESS),
    "email": TEXTUAL,
    "emails": TEXTUAL,
    "phone": TEXTUAL,
    "phones": TEXTUAL,
    "link": TEXTUAL,
    "links": TEXTUAL,
    "domains": TEXTUAL,
    "addresses": (Op.CONTAINS, Op.LACKS, *EMPTINESS),
    "relation": (*EQUALITY, Op.UNDER, *EMPTINESS),
    "user": (*EQUALITY, *EMPTINESS),
    "members": EMPTINESS,
    "file": EMPTINESS,
}

LABELS: dict[Op, Promise] = {
    Op.EQ: _("is"),
    Op.NE: _("is not"),
    Op.GT: _("is more than"),
    Op.GE: _("is at least"),
    Op.LT: _("is less than"),
    Op.LE: _("is at most"),
    Op.CONTAINS: _("contains"),
    Op.LACKS: _("does not contain"),
    Op.STARTS: _("starts with"),
    Op.IN: _("is any of"),
    Op.NOT_IN: _("is none of"),
    Op.WITHIN: _("is in"),
    Op.UNDER: _("is or lies under"),
    Op.EMPTY: _("is empty"),
    Op.FILLED: _("is not empty"),
}
OF_DATES: dict[Op, Promise] = {
    Op.GT: _("is after"),
    Op.GE: _("is on or after"),
    Op.LT: _("is before"),
    Op.LE: _("is on or before"),
}
OF_LISTS: dict[Op, Promise] = {
    Op.EQ: _("has"),
    Op.NE: _("does not have"),
    Op.IN: _("has any of"),
    Op.NOT_IN: _("has none of"),
}
SPECIAL_LABELS = {"date": OF_DATES, "datetime": OF_DATES, "choices": OF_LISTS, "tags": OF_LISTS}


def operators(type_name: str) -> tuple[Op, ...]:
    """The operators of a type of field; none for a type that no filter can ask."""
    return OPERATORS.get(type_name, ())


def label(op: Op, type_name: str) -> str:
    """What the builder and the chips call the operator for a field of this type."""
    return str(SPECIAL_LABELS.get(type_name, {}).get(op) or LABELS[op])
