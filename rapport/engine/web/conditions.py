"""The conditions of a filter as the builder shows them: what each can be about, its operators, its values."""

from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.records.fields import Field
from rapport.engine.records.filters.bind import is_told
from rapport.engine.records.filters.builder import JOURNAL, MEMBER, OTHERS, Form, Row
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.memberships import MEMBERSHIPS
from rapport.engine.records.filters.operators import label
from rapport.engine.records.filters.scope import FieldRef, Scope, takes
from rapport.engine.records.filters.tree import LISTS, NO_VALUE, Function, Op
from rapport.engine.records.folding import fold
from rapport.engine.records.happenings import EVENTS
from rapport.engine.records.registry import Words
from rapport.engine.web.choosing import user_options

MOST_OPTIONS = 300
FUNCTIONS: dict[Function, Words] = {
    Function.COUNT: __("Number"),
    Function.SUM: __("Sum of"),
    Function.AVG: __("Average of"),
    Function.MIN: __("Lowest"),
    Function.MAX: __("Highest"),
    Function.FIRST: __("In the first"),
    Function.LAST: __("In the last"),
}
TOLD: dict[str, Words] = {
    "!did": __("Something happened"),
    "!changed": __("A field was changed"),
    "!held": __("A field has been the same"),
}


class Subjects(NamedTuple):
    """What conditions can be about, under a heading: values of the field, and names."""

    heading: str
    paths: list[tuple[str, str]]


def form_context(scope: Scope, form: Form, prefix: str = "") -> dict[str, Any]:
    """A form as the template shows it, with those within its rows."""
    rows = [_row_context(scope, row, f"{prefix}{index}") for index, row in enumerate(form.rows)]
    return {"form": form, "prefix": prefix, "rows": rows, "subjects": _subjects(scope)}


def _row_context(scope: Scope, row: Row, name: str) -> dict[str, Any]:
    shared = {"name": name, "row": row, "journal": row.path.removeprefix("!") if row.path in JOURNAL else ""}
    if shared["journal"]:
        return shared | _journal_context(scope, row, name)
    if row.among:
        return shared | _among_context(scope, row, *row.among)
    others = _others(scope, row)
    ref = _ref(scope, row)
    known = ref.operators if ref else ()
    op = Op(row.op) if row.op in known else (known[0] if known else None)
    inner = scope.inside(others) if others and row.where else None
    return shared | {
        "ops": [{"value": one.value, "label": label(one, ref.type_name), "on": one == op} for one in known if ref],
        "takes_value": op is not None and op not in NO_VALUE,
        "takes_many": op in LISTS,
        "options": _options(ref.field, row.values) if ref and ref.type_name == ref.field.type.name else [],
        "text": "\n".join(row.values),
        "kind": ref.type_name if ref else "",
        "functions": _functions(scope, others, row) if others else [],
        "fields": _fields_made(scope, others, row) if others else [],
        "inner": form_context(inner, row.where, f"{name}.where.") if inner and row.where else None,
        "others": others.related.label if others and others.related else "",
    }


def _journal_context(scope: Scope, row: Row, name: str) -> dict[str, Any]:
    """A row about what the journal tells: an event, or a field that was changed or has been the same."""
    if row.path == "!did":
        named = [(one.name, capfirst(one.label)) for one in scope.happenings().values()]
    else:
        named = [(one.slug, str(one.label)) for one in scope.fields() if is_told(scope.resolve((one.slug,)))]
    inner = form_context(scope.events(), row.where, f"{name}.where.") if row.where else None
    return {
        "ops": [],
        "takes_value": False,
        "functions": [],
        "fields": [{"value": value, "label": words, "on": value == row.of} for value, words in named],
        "inner": inner,
        "others": _("events") if row.path == "!did" else "",
    }


def _among_context(scope: Scope, row: Row, of: str, path: tuple[str, ...]) -> dict[str, Any]:
    """A row about what a record is among; what is kept is chosen from a list."""
    try:
        known = scope.reached(path)[1].kept().get(of, ())
    except FilterError:
        known = ()
    given = row.values[0] if row.values else ""
    return {
        "ops": [{"value": op.value, "label": label(op, "relation"), "on": op == row.op} for op in (Op.EQ, Op.NE)],
        "takes_value": True,
        "takes_many": False,
        "options": [
            {"value": str(key), "label": name, "on": given == str(key) or fold(given) == fold(name)}
            for key, name in known
        ],
        "text": given,
        "kind": "",
        "functions": [],
        "fields": [],
        "inner": None,
        "others": "",
    }


def _among_paths(scope: Scope, hops: list[Field]) -> list[tuple[str, str]]:
    """What a record can be among, or one that it points at."""
    found = [(f"{MEMBER}{of}", str(MEMBERSHIPS[of].noun)) for of in scope.kept()]
    for hop in hops:
        known = scope.reached((hop.slug,))[1].kept()
        found += [(f"{MEMBER}{of}.{hop.slug}", f"{hop.label} › {MEMBERSHIPS[of].noun}") for of in known]
    return found


def _subjects(scope: Scope) -> list[Subjects]:
    """What a condition can be about: fields, those one relation away, and records that point here or there."""
    hops = [field for field in scope.fields() if field.type.name == "relation" and scope.leads_on]
    found = [Subjects("", [(field.slug, str(field.label)) for field in scope.fields()])]
    for hop in hops:
        inner = [one for one in scope.fields((hop.slug,)) if one.type.name != "relation"]
        paths = [(f"{hop.slug}.{one.slug}", f"{hop.label} › {one.label}") for one in inner]
        found.append(Subjects(str(hop.label), paths))
    related = [(OTHERS + name, capfirst(one.label)) for name, one in scope.related().items()]
    for hop in hops:
        related += [
            (f"{OTHERS}{hop.slug}.{name}", f"{hop.label} › {capfirst(one.label)}")
            for name, one in scope.related((hop.slug,)).items()
        ]
    if scope.record_type is EVENTS:
        return found
    found.append(Subjects(_("What is saved"), _among_paths(scope, hops)))
    told = [(path, str(words)) for path, words in TOLD.items() if scope.happenings()]
    return [*found, Subjects(_("Records that point here"), related), Subjects(_("What the journal tells"), told)]


def _ref(scope: Scope, row: Row) -> FieldRef | None:
    """What a row asks, once that is chosen."""
    try:
        return scope.resolve(row.names, function=row.function) if row.path and row.names[-1] else None
    except FilterError:
        return None


def _others(scope: Scope, row: Row) -> FieldRef | None:
    """The records that a row makes something of."""
    if row.function is None:
        return None
    path = row.names if row.function is Function.COUNT else row.names[:-1]
    try:
        return scope.resolve(path, function=Function.COUNT)
    except FilterError:
        return None


def _functions(scope: Scope, others: FieldRef, row: Row) -> list[dict[str, Any]]:
    fields = scope.inside(others).fields()
    return [
        {"value": one.value, "label": FUNCTIONS[one], "on": one is row.function}
        for one in Function
        if one is Function.COUNT or any(takes(one, field) for field in fields)
    ]


def _fields_made(scope: Scope, others: FieldRef, row: Row) -> list[dict[str, Any]]:
    if row.function in (None, Function.COUNT):
        return []
    fields = [one for one in scope.inside(others).fields() if takes(row.function, one)]
    return [{"value": one.slug, "label": one.label, "on": one.slug == row.of} for one in fields]


def _options(field: Field, chosen: list[str]) -> list[dict[str, Any]]:
    """What a value may be, where that is a list."""
    if field.type.name == "user":
        spoken = {"me": _("me"), "my team": _("my team")}
        near = [{"value": value, "label": said, "on": value in chosen} for value, said in spoken.items()]
        return near + [
            {"value": str(one["id"]), "label": one["title"], "on": str(one["id"]) in chosen}
            for one in user_options(None)
        ]
    if field.type.name == "bool":
        words = {"true": _("yes"), "false": _("no")}
        return [{"value": value, "label": said, "on": value in chosen} for value, said in words.items()]
    return [{"value": one.value, "label": one.label, "on": one.value in chosen} for one in field.options[:MOST_OPTIONS]]
