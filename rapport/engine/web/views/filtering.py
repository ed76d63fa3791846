"""The filter builder: conditions by mouse and keyboard, as plain forms; what it makes stands in the list's address."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from rapport.engine.records.fields import Field
from rapport.engine.records.filters.builder import Form, Row, read_form, to_form
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.operators import label, operators
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import RecordScope, scope_for
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import LISTS, NO_VALUE, Op
from rapport.engine.records.registry import RecordType
from rapport.engine.web.choosing import user_options
from rapport.engine.web.views.finding import actor_of, find_type

MOST_OPTIONS = 300


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
        "rows": [_row_context(scope, index, row) for index, row in enumerate(form.rows)],
        "error": error,
        "error_row": _row_of(error),
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
    """Add or remove a row where the form asks for it; an empty builder begins with one."""
    removed = request.GET.get("remove", "")
    if removed.isdigit() and int(removed) < len(form.rows):
        del form.rows[int(removed)]
    if "add_group" in request.GET:
        number = str(max((int(group) for group in form.groups), default=0) + 1)
        form.groups[number] = "any"
        form.rows.append(Row(group=number))
    if "add" in request.GET or not form.rows:
        form.rows.append(Row())


def _to_list(request: HttpRequest, rtype: RecordType, where: str) -> HttpResponse:
    parts = {"where": where, "order": request.GET.get("order", ""), "columns": request.GET.get("columns", "")}
    query = urlencode({name: value for name, value in parts.items() if value})
    address = reverse("web:list", args=[rtype.slug]) + (f"?{query}" if query else "")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _row_context(scope: RecordScope, index: int, row: Row) -> dict[str, Any]:
    field = _field(scope, row.path)
    known = operators(field.type.name) if field else ()
    op = Op(row.op) if row.op in known else (known[0] if known else None)
    return {
        "index": index,
        "row": row,
        "paths": _paths(scope),
        "ops": [{"value": one.value, "label": label(one, field.type.name), "on": one == op} for one in known]
        if field
        else [],
        "takes_value": op is not None and op not in NO_VALUE,
        "takes_many": op in LISTS,
        "options": _options(field, row.values) if field else [],
        "text": "\n".join(row.values),
        "kind": field.type.name if field else "",
    }


def _paths(scope: RecordScope) -> list[tuple[str, str]]:
    """Fields by path and name, those of relations one hop away included."""
    found = []
    for field in scope.fields():
        if operators(field.type.name):
            found.append((field.slug, str(field.label)))
    for field in scope.fields():
        if field.type.name == "relation":
            inner = [
                one for one in scope.fields((field.slug,)) if operators(one.type.name) and one.type.name != "relation"
            ]
            found += [(f"{field.slug}.{one.slug}", f"{field.label} › {one.label}") for one in inner]
    return found


def _field(scope: RecordScope, path: str) -> Field | None:
    try:
        return scope.resolve(tuple(path.split("."))).field if path else None
    except FilterError:
        return None


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


def _row_of(error: FilterError | None) -> int | None:
    """The row that an error's pointer names."""
    first = (error.pointer or "").strip("/").partition("/")[0] if error else ""
    return int(first) if first.isdigit() else None
