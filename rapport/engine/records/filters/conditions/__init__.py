"""One condition on one field, by the type of the field. Only what stands in these tables can be asked."""

from collections.abc import Callable

from django.db.models import Q
from django.db.models.lookups import IsNull

from rapport.engine.records.filters.conditions import options, ordered, pointers, texts
from rapport.engine.records.filters.conditions.asked import Asked, Condition, Evaluation
from rapport.engine.records.filters.tree import Op

Builder = Callable[[Asked, Evaluation], Q]

BUILDERS: dict[str, Builder] = {
    **dict.fromkeys(("text", "long_text", "email", "phone", "link"), texts.text),
    **dict.fromkeys(("emails", "phones", "links", "domains", "addresses"), texts.entries),
    **dict.fromkeys(("number", "count", "money"), ordered.number),
    **dict.fromkeys(("choices", "tags"), options.several),
    "choice": options.choice,
    "date": ordered.date,
    "datetime": ordered.datetime,
    "bool": ordered.yes_no,
    "user": pointers.user,
    "relation": pointers.relation,
}


def condition(asked: Asked, evaluation: Evaluation) -> Condition:
    """What the operator says of the field; the operator is none of those that deny."""
    if asked.op is not Op.FILLED:
        is_certain = asked.field.type.name in ("bool", "relation")
        return Condition(BUILDERS[asked.field.type.name](asked, evaluation), certain=is_certain)
    if asked.field.type.name == "relation":
        return Condition(pointers.points_anywhere(asked, evaluation), certain=True)
    return Condition(filled(asked), certain=True)


def filled(asked: Asked) -> Q:
    """There is a value. Custom fields keep no empty ones; columns of text and lists keep empty text and empty lists."""
    field = asked.field
    if field.custom:
        return Q(custom__has_key=field.slug)
    if field.computed or field.primary_path or field.type.empty is None:
        return Q(IsNull(field.expression(), False))
    return ~(Q(IsNull(field.expression(), True)) | Q(**{field.column: field.type.empty}))
