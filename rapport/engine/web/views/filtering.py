"""The filter builder: conditions by mouse and keyboard, as plain forms; what it makes stands in the list's address."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from rapport.engine.records.filters.builder import Form, Row, read_form, to_form
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import scope_for
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.registry import RecordType
from rapport.engine.records.saved.parts import readable
from rapport.engine.web.conditions import form_context
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.listed import PARTS
from rapport.engine.web.views.tabbing import plain_url


@require_safe
def filter_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the conditions, add and remove some, or apply them and go to the list."""
    rtype = find_type(request, slug)
    scope = scope_for(actor_of(request), rtype)
    form, error = sent_form(request)
    if "apply" in request.GET and error is None:
        try:
            where = to_text(form.tree(scope))
            return _to_list(request, rtype, where)
        except FilterError as refused:
            error = refused
    edit_form(request, form)
    context = {
        "rtype": rtype,
        "form": form,
        "inner": form_context(scope, form),
        "is_beyond": is_beyond(request.GET.get("where", "")),
        "error": error,
        "error_at": row_at_fault(error),
        "action": reverse("web:filter", args=[rtype.slug]),
        "back_url": plain_url(rtype, opens_with_a_view=bool(request.GET.get("view"))),
        "where": readable(actor_of(request), rtype, request.GET.get("where", "")),
        "kept_inputs": _kept(request),
    }
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, "web/filter_builder.html" if is_part else "web/filter.html", context)


def sent_form(request: HttpRequest, otherwise: str = "") -> tuple[Form, FilterError | None]:
    """What was sent, or what the filter in the address says, or else another one.

    A filter too deep for the builder is left to the text box.
    """
    if "match" in request.GET:
        return read_form(request.GET), None
    try:
        form = to_form(parse(request.GET.get("where", otherwise)))
    except FilterError as error:
        return Form(rows=[Row()]), error
    return form or Form(rows=[Row()]), None


def is_beyond(where: str) -> bool:
    """Whether a filter says more than the builder can show."""
    try:
        return to_form(parse(where)) is None
    except FilterError:
        return False


def edit_form(request: HttpRequest, form: Form) -> None:
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
    query = urlencode(({"where": where} if where else {}) | _kept(request))
    address = reverse("web:list", args=[rtype.slug]) + (f"?{query}" if query else "")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _kept(request: HttpRequest) -> dict[str, str]:
    """How the list is shown besides its filter; what is deleted has none."""
    kept = ((name, request.GET.get(name, "")) for name in PARTS if name not in ("where", "deleted"))
    return {name: value for name, value in kept if value}


def row_at_fault(error: FilterError | None) -> str:
    """The row that an error's pointer names, as its fields are named."""
    parts = (error.pointer or "").strip("/").split("/") if error else []
    return ".".join(parts[:-1]) if len(parts) > 1 else ""
