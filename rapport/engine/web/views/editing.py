"""Edit in place: every field is a form of its own, as a page without script and as a part with it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rapport.engine.events.act import open_act
from rapport.engine.records.actions import change_record
from rapport.engine.records.errors import EditConflict, ValidationFailed
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask
from rapport.engine.records.registry import RecordType
from rapport.engine.records.watching import PAGE, watch
from rapport.engine.web.addresses import read_number
from rapport.engine.web.forms import raw_value
from rapport.engine.web.shaping import is_decided_by, shape_of
from rapport.engine.web.uploads import SENT, Uploads, read_uploads
from rapport.engine.web.views.finding import actor_of, find_record, find_type
from rapport.engine.web.views.presenting import present, record_url
from rapport.engine.web.views.toasts import say

# Names of other fields that stand in the form because a rule wants them filled in at the same time.
BESIDES = "besides"


@require_http_methods(["GET", "HEAD", "POST"])
def edit_field(request: HttpRequest, slug: str, key: UUID, field_slug: str) -> HttpResponse:
    """GET shows the form of one field; POST saves it and shows the value."""
    rtype = find_type(request, slug, "change")
    row = find_record(request, rtype, key)
    field = _editable(request, rtype, row, field_slug)
    if request.method != "POST":
        return _form(request, rtype, row, field, field.get(row))
    uploads = read_uploads(request, actor_of(request), [field])
    besides = _askable(request, rtype, field, request.POST.getlist(BESIDES))
    try:
        undo = _change(request, rtype, row, [field, *besides], uploads)
    except ValidationFailed as error:
        return _refused(request, rtype, row, field, error.errors, uploads)
    except EditConflict as conflict:
        return _conflict(request, rtype, row, field, conflict, uploads)
    if _is_part(request):
        return _value(request, rtype, row, field, undo)
    if undo:
        say(request, _("%(label)s was saved.") % {"label": field.label}, undo=undo)
    return redirect(record_url(rtype, row.pk))


def _refused(
    request: HttpRequest, rtype: RecordType, row: Any, field: Field, errors: dict[str, str], uploads: Uploads
) -> HttpResponse:
    """The form once more, with what was typed and why it was refused; what is wanted besides is asked for in it."""
    is_file = field.type.name == "file"
    typed = uploads.shown().get(field.slug) or _present(request, field, field.get(row)) if is_file else None
    typed = typed if is_file else raw_value(request.POST, field)
    locked = shape_of(actor_of(request), rtype, row, {}).locked
    wanted = [slug for slug in (*request.POST.getlist(BESIDES), *errors) if slug not in locked]
    asked = _askable(request, rtype, field, wanted)
    besides = [{"field": one, "value": _typed(request, one, row), "error": errors.get(one.slug, "")} for one in asked]
    elsewhere = {one.slug for one in asked}
    error = "; ".join(text for slug, text in errors.items() if slug not in elsewhere)
    return _form(request, rtype, row, field, typed, error=error, besides=besides)


def _askable(request: HttpRequest, rtype: RecordType, field: Field, slugs: Sequence[str]) -> list[Field]:
    """Those of other fields that can be filled in along with this one."""
    allowed = mask(actor_of(request), rtype)
    return [
        one
        for one in rtype.all_fields()
        if one.slug in slugs
        and one.slug != field.slug
        and allowed.lets_change(one.slug)
        and not (one.readonly or one.immutable or one.type.name == "file")
    ]


def _typed(request: HttpRequest, field: Field, row: Any) -> Any:
    raw = raw_value(request.POST, field)
    return _present(request, field, field.get(row)) if raw is None else raw


def _change(
    request: HttpRequest, rtype: RecordType, row: Any, fields: Sequence[Field], uploads: Uploads
) -> UUID | None:
    """Write what the form says. Returns the batch if anything changed. Raises ValidationFailed and EditConflict."""
    raws = {field.slug: raw_value(request.POST, field) for field in fields}
    version = request.POST.get("version", "")
    base = read_number(version) if "overwrite" not in request.POST else None
    # A form without a new file leaves the one that is there, and one without a field besides leaves that alone.
    stays = {field.slug for place, field in enumerate(fields) if place or field.type.name == "file"}
    given = {slug: "" if raw is None else raw for slug, raw in raws.items() if raw is not None or slug not in stays}
    before = row.version
    with transaction.atomic():
        values = uploads.kept(actor_of(request), given)
        with open_act(actor_of(request)) as act:
            change_record(act, rtype, row, values, base_version=base)
    return act.batch if row.version != before else None


@require_safe
def show_field(request: HttpRequest, slug: str, key: UUID, field_slug: str) -> HttpResponse:
    """The value of one field, as a list or a record shows it."""
    rtype = find_type(request, slug)
    row = find_record(request, rtype, key)
    field = rtype.field(field_slug)
    if field is None or not mask(actor_of(request), rtype).shows(field_slug):
        raise Http404
    return _value(request, rtype, row, field, None)


def _editable(request: HttpRequest, rtype: RecordType, row: Any, slug: str) -> Field:
    field = rtype.field(slug)
    if field is None or field.readonly or row.is_deleted or not mask(actor_of(request), rtype).lets_change(slug):
        raise Http404(_("This field cannot be edited here."))
    return field


def _is_part(request: HttpRequest) -> bool:
    """Whether script asked for a part of a page rather than a browser for a page."""
    return bool(request.headers.get("HX-Request"))


def _form(
    request: HttpRequest,
    rtype: RecordType,
    row: Any,
    field: Field,
    value: Any,
    *,
    error: str = "",
    besides: Sequence[dict[str, Any]] = (),
) -> HttpResponse:
    is_refused = bool(error or besides)
    if not is_refused:
        watch(actor_of(request), rtype, [field], [{field.slug: value}], door=PAGE)
        value = _present(request, field, value)
    template = "web/field_form_part.html" if _is_part(request) else "web/field_form.html"
    context = _context(request, rtype, row, field, value, error) | {"besides": besides}
    return render(request, template, context, status=422 if is_refused else 200)


def _present(request: HttpRequest, field: Field, value: Any) -> Any:
    return present(actor_of(request), [field], [{field.slug: value}])[0][field.slug]


def _value(request: HttpRequest, rtype: RecordType, row: Any, field: Field, undo: UUID | None) -> HttpResponse:
    stored = {field.slug: field.get(row)}
    watch(actor_of(request), rtype, [field], [stored], door=PAGE)
    value = _present(request, field, stored[field.slug])
    context = _context(request, rtype, row, field, value, "") | {"undo": undo, "whole": "whole" in request.GET}
    context["decides"] = undo is not None and is_decided_by(rtype, field.slug)
    return render(request, "web/field_value.html", context)


def _conflict(
    request: HttpRequest, rtype: RecordType, row: Any, field: Field, conflict: EditConflict, uploads: Uploads
) -> HttpResponse:
    one = conflict.conflicts[0]
    theirs, yours = present(actor_of(request), [field], [{field.slug: one.theirs}, {field.slug: one.yours}])
    sent = [(name, value) for name in request.POST if name not in HIDDEN for value in request.POST.getlist(name)]
    context = _context(request, rtype, row, field, None, "") | {
        "theirs": theirs[field.slug],
        "yours": uploads.shown().get(field.slug, yours[field.slug]),
        "version": conflict.version,
        "raw_inputs": [pair for pair in sent if not pair[0].endswith(f".{SENT}")] + uploads.tokens(),
    }
    template = "web/conflict_part.html" if _is_part(request) else "web/conflict.html"
    return render(request, template, context, status=409)


HIDDEN = frozenset({"csrfmiddlewaretoken", "version", "overwrite"})


def _context(request: HttpRequest, rtype: RecordType, row: Any, field: Field, value: Any, error: str) -> dict[str, Any]:
    address = [rtype.slug, row.pk, field.slug]
    return {
        "rtype": rtype,
        "record": {"id": row.pk, "title": rtype.title_of(row), "version": row.version},
        "field": field,
        "value": value,
        "error": error,
        "action": reverse("web:edit", args=address),
        "edit_url": reverse("web:edit", args=address),
        "show_url": reverse("web:field", args=address),
        "back_url": record_url(rtype, row.pk),
        "is_part": _is_part(request),
        "is_title": field.slug == rtype.title,
    }
