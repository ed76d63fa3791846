"""The filter builder: conditions by mouse and keyboard, as plain forms; what it makes stands in the list's address."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_safe

from rapport.engine.records.fields import Field
from rapport.engine.records.filters.bind import is_told
from rapport.engine.records.filters.builder import JOURNAL, OTHERS, Form, Row, read_form, to_form
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.operators import label
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import FieldRef, Scope, scope_for, takes
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import LISTS, NO_VALUE, Function, Op
from rapport.engine.records.happenings import EVENTS
from rapport.engine.records.registry import RecordType, Words
from rapport.engine.web.choosing import user_options
from rapport.engine.web.views.finding import actor_of, find_type

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


@require_safe
def filter_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the conditions, add and remove some, or apply them and go to the list."""
    rtype = find_type(request, slug)
    scope = scope_for(actor_of(request), rtype)
    form, error = _form(request)
    if "apply" in request.GET and error is None:
        try:
            where = to_text(form.tree(scope))
            return _to_list(request, rtype, where)
        except FilterError as refused:
            error = refused
    _edit(request, form)
    context = {
        "rtype": rtype,
        "form": form,
        "inner": _form_context(scope, form),
        "error": error,
        "error_at": _row_of(error),
        "action": reverse("web:filter", args=[rtype.slug]),
        "back_url": reverse("web:list", args=[rtype.slug]),
        "where": request.GET.get("where", ""),
        "order": request.GET.get("order", ""),
        "columns": request.GET.get("columns", ""),
    }
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, "web/filter_builder.html" if is_part else "web/filter.html", context)


def _form(request: HttpRequest) -> tuple[Form, FilterError | None]:
    """What was sent, or what the list's filter says; a filter too deep for the builder is left to the text box."""
    if "match" in request.GET:
        return read_form(request.GET), None
    try:
        form = to_form(parse(request.GET.get("where", "")))
    except FilterError as error:
        return Form(rows=[Row()]), error
    return form or Form(rows=[Row()]), None


def _edit(request: HttpRequest, form: Form) -> None:
    """Add or remove a row where the form asks for it; an empty builder begins with one.

    What is asked for is named by the prefix of the form that it stands in, for those within a row.
    """
    prefix, number = _split(request.GET.get("remove", ""))
    at = _form_at(form, prefix)
    if at and number.isdigit() and int(number) < len(at.rows):
        del at.rows[int(number)]
        _drop_if_empty(form, prefix)
    if "add_group" in request.GET and (at := _form_at(form, request.GET["add_group"])):
        number = str(max((int(group) for group in at.groups), default=0) + 1)
        at.groups[number] = "any"
        at.rows.append(Row(group=number))
    if "add" in request.GET and (at := _form_at(form, request.GET["add"])):
        at.rows.append(Row())
    if not form.rows:
        form.rows.append(Row())


def _split(asked: str) -> tuple[str, str]:
    """`0.where.2` → `0.where.` and `2`."""
    prefix, _dot, number = asked.rpartition(".")
    return (f"{prefix}." if prefix else ""), number


def _form_at(form: Form, prefix: str) -> Form | None:
    """The form at a prefix such as `0.where.`, begun where the row has none yet."""
    here = form
    for number in [part for part in prefix.split(".") if part and part != "where"]:
        if not number.isdigit() or int(number) >= len(here.rows):
            return None
        row = here.rows[int(number)]
        row.where = row.where or Form()
        here = row.where
    return here


def _drop_if_empty(form: Form, prefix: str) -> None:
    """A row asks of all other records again once its last condition on them is gone."""
    outer, _where, _rest = prefix.rpartition("where.")
    above, number = _split(outer.rstrip("."))
    at = _form_at(form, above) if number.isdigit() else None
    if at and (row := at.rows[int(number)]).where and not row.where.rows:
        row.where = None


def _to_list(request: HttpRequest, rtype: RecordType, where: str) -> HttpResponse:
    parts = {"where": where, "order": request.GET.get("order", ""), "columns": request.GET.get("columns", "")}
    query = urlencode({name: value for name, value in parts.items() if value})
    address = reverse("web:list", args=[rtype.slug]) + (f"?{query}" if query else "")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _form_context(scope: Scope, form: Form, prefix: str = "") -> dict[str, Any]:
    """A form as the template shows it, with those within its rows."""
    subjects = _subjects(scope)
    rows = [_row_context(scope, form.rows[index], f"{prefix}{index}", subjects) for index in range(len(form.rows))]
    return {"form": form, "prefix": prefix, "rows": rows, "subjects": subjects}


def _row_context(scope: Scope, row: Row, name: str, subjects: list[Subjects]) -> dict[str, Any]:
    shared = {"name": name, "row": row, "journal": row.path.removeprefix("!") if row.path in JOURNAL else ""}
    if shared["journal"]:
        return shared | _journal_context(scope, row, name)
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
        "inner": _form_context(inner, row.where, f"{name}.where.") if inner and row.where else None,
        "others": others.related.label if others and others.related else "",
    }


def _journal_context(scope: Scope, row: Row, name: str) -> dict[str, Any]:
    """A row about what the journal tells: an event, or a field that was changed or has been the same."""
    if row.path == "!did":
        named = [(one.name, capfirst(one.label)) for one in scope.happenings().values()]
    else:
        named = [(one.slug, str(one.label)) for one in scope.fields() if is_told(scope.resolve((one.slug,)))]
    inner = _form_context(scope.events(), row.where, f"{name}.where.") if row.where else None
    return {
        "ops": [],
        "takes_value": False,
        "functions": [],
        "fields": [{"value": value, "label": words, "on": value == row.of} for value, words in named],
        "inner": inner,
        "others": _("events") if row.path == "!did" else "",
    }


def _subjects(scope: Scope) -> list[Subjects]:
    """What a condition can be about: fields, those one relation away, and records that point here or there."""
    hops = [field for field in scope.fields() if field.type.name == "relation"]
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
    told = [(path, str(words)) for path, words in TOLD.items()]
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
        me = [{"value": "me", "label": "me", "on": "me" in chosen}]
        return me + [
            {"value": str(one["id"]), "label": one["title"], "on": str(one["id"]) in chosen}
            for one in user_options(None)
        ]
    if field.type.name == "bool":
        return [{"value": value, "label": value, "on": value in chosen} for value in ("true", "false")]
    return [{"value": one.value, "label": one.label, "on": one.value in chosen} for one in field.options[:MOST_OPTIONS]]


def _row_of(error: FilterError | None) -> str:
    """The row that an error's pointer names, as its fields are named."""
    parts = (error.pointer or "").strip("/").split("/") if error else []
    return ".".join(parts[:-1]) if len(parts) > 1 else ""
