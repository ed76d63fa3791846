"""How groups, operators, functions and kinds of values are called in JSON."""

from rapport.engine.records.filters.tree import All, AnyOf, Function, NoneOf, Op
from rapport.engine.records.filters.values import Day, Id, Ident, Moment, Number, Period, Relative

GROUPS: dict[str, type[All] | type[AnyOf] | type[NoneOf]] = {"all": All, "any": AnyOf, "none": NoneOf}
GROUP_NAMES = {kind: name for name, kind in GROUPS.items()}
OPS = {op.value: op for op in Op}
BY_NAME = {function.value: function for function in Function}
KINDS: dict[str, type] = {
    "number": Number,
    "date": Day,
    "datetime": Moment,
    "relative": Relative,
    "period": Period,
    "word": Ident,
    "id": Id,
}
KEYS = {kind: key for key, kind in KINDS.items()}
