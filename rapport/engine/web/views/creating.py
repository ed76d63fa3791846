"""The form for a new record, with what is there already when it looks the same."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.records.actions import create_record
from rapport.engine.records.errors import Clash, Clashes, ValidationFailed
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask
from rapport.engine.records.reading import reading_for
from rapport.engine.records.registry import RecordType
from rapport.engine.web.forms import raw_values
from rapport.engine.web.once import form_key, made_before
from rapport.engine.web.shaping import Shape, shape_of_new
from rapport.engine.web.uploads import Uploads, read_uploads
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.presenting import face, record_url
from rapport.engine.web.views.toasts import say

ME = "me"  # as a default: whoever creates the record


@require_http_methods(["GET", "HEAD", "POST"])
def create_page(request: HttpRequest, slug: str) -> HttpResponse:
    """GET shows the form, filled from the address where it says so; POST creates."""
    rtype = find_type(request, slug, "create")
    fields = _fields(request, rtype)
    if request.method != "POST":
        return _form(request, rtype, fields, {name: value for name, value in request.GET.items() if rtype.field(name)})
    raw = raw_values(request.POST, fields)
    uploads = read_uploads(request, actor_of(request), fields)
    try:
        row, batch = _create(request, rtype, raw, uploads)
    except ValidationFailed as error:
        return _form(request, rtype, fields, raw | uploads.shown(), errors=error.errors, status=422)
    except Clashes as error:
        return _form(request, rtype, fields, raw | uploads.shown(), clashes=error.clashes, status=409)
    say(request, _("%(title)s was created.") % {"title": rtype.title_of(row) or rtype.label}, undo=batch)
    if "and_another" in request.POST:
        return redirect("web:create", rtype.slug)
    return redirect(record_url(rtype, row.pk))


def _create(request: HttpRequest, rtype: RecordType, raw: dict[str, Any], uploads: Uploads) -> tuple[Any, UUID]:
    """The new record and its batch, or those of the same form that came a moment before."""
    actor = actor_of(request)
    with transaction.atomic():
        made, batch = made_before(request, actor, rtype, uploads.contents())
        if made and batch:
            return made, batch
        values = uploads.kept(actor, raw)
        with open_act(actor, batch=batch) as act:
            accept = "create_anyway" in request.POST
            row = create_record(act, rtype, values, accept_clashes=accept, asks_similar=True)
    return row, act.batch


def _fields(request: HttpRequest, rtype: RecordType) -> list[Field]:
    allowed = mask(actor_of(request), rtype)
    return [
        field
        for field in rtype.all_fields()
        if allowed.lets_change(field.slug) and not field.readonly and field.slug not in rtype.secondary
    ]


def _form(
    request: HttpRequest,
    rtype: RecordType,
    fields: list[Field],
    raw: dict[str, Any],
    *,
    errors: dict[str, str] | None = None,
    clashes: list[Clash] | None = None,
    status: int = 200,
) -> HttpResponse:
    errors, actor = errors or {}, actor_of(request)
    values = {field.slug: raw.get(field.slug, _begins_with(actor, field)) for field in fields}
    shape = shape_of_new(actor, rtype, raw)
    context = {
        "rtype": rtype,
        "fields": [_field_context(field, values[field.slug], errors, shape) for field in fields],
        "rules_url": reverse("web:create-rules", args=[rtype.slug]) if shape.ruled else "",
        "errors": {slug: text for slug, text in errors.items() if not any(field.slug == slug for field in fields)},
        "clashes": [_clash_context(rtype, clash) for clash in clashes or []],
        "form_key": form_key(actor),
        "has_files": any(field.type.name == "file" for field in fields),
        "action": reverse("web:create", args=[rtype.slug]),
        "back_url": reverse("web:list", args=[rtype.slug]),
    }
    return render(request, "web/form.html", context, status=status)


@require_POST
def create_rules(request: HttpRequest, slug: str) -> HttpResponse:
    """Which fields of a form that is being filled in are hidden, and which are needed."""
    rtype = find_type(request, slug, "create")
    fields = _fields(request, rtype)
    shape = shape_of_new(actor_of(request), rtype, raw_values(request.POST, fields))
    ruled = [{"field": field, **_ruled(field, shape)} for field in fields if field.slug in shape.ruled]
    return render(request, "web/form_rules.html", {"fields": ruled})


def _ruled(field: Field, shape: Shape) -> dict[str, Any]:
    is_hidden = field.slug in shape.hidden
    return {
        "is_ruled": field.slug in shape.ruled,
        "is_hidden": is_hidden,
        "is_needed": field.slug in shape.needed or (field.required and not is_hidden),
        "why": shape.needed.get(field.slug, ""),
    }


def _field_context(field: Field, value: Any, errors: dict[str, str], shape: Shape) -> dict[str, Any]:
    return {"field": field, "value": value, "error": errors.get(field.slug, ""), **_ruled(field, shape)}


def _begins_with(actor: Actor, field: Field) -> Any:
    """What stands in an input before anything was typed: the default, with `me` as whoever fills the form in."""
    if field.default == ME:
        return field.type.parse(ME, field, reading_for(actor))
    return field.type.empty if field.default is None else field.default


def _clash_context(rtype: RecordType, clash: Clash) -> dict[str, Any]:
    return {
        "title": clash.title,
        "reason": clash.reason,
        "deleted": clash.is_deleted,
        "url": record_url(rtype, clash.record.pk),
        "restore_url": reverse("web:restore", args=[rtype.slug, clash.record.pk]),
        "face": face(clash.title, clash.record.pk, square=rtype.square),
    }
