"""The pages on which administrators make and change fields."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.engine.events.act import Act, open_act
from rapport.engine.records.custom import actions
from rapport.engine.records.custom.kinds import KINDS, kind_of
from rapport.engine.records.custom.queries import Shown, fields_of, find_field, types_with_fields, used_by
from rapport.engine.records.definitions import as_field
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.models import CustomField
from rapport.engine.records.registry import RecordType
from rapport.engine.records.uses import Use, uses_of
from rapport.engine.web.counts import count_text
from rapport.engine.web.field_forms import form_context, given, given_options
from rapport.engine.web.rules_shown import field_context, rules_by_field
from rapport.engine.web.views.finding import actor_of, find_type
from rapport.engine.web.views.toasts import say


@require_safe
def fields_home(request: HttpRequest) -> HttpResponse:
    """The fields of the first type."""
    actions.require_admin(actor_of(request))
    return redirect("web:fields-of", types_with_fields()[0].slug)


@require_safe
def fields_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The fields of a type: those made here, those built in, those deleted."""
    rtype = find_type_with_fields(request, slug)
    context = {
        "rtype": rtype,
        "tabs": _tabs(rtype),
        "fields": fields_of(rtype),
        "deleted": fields_of(rtype, deleted=True),
        "kinds": KINDS,
        "rules": rules_by_field(actor_of(request), rtype),
    }
    return render(request, "web/fields/list.html", context)


@require_safe
def field_by_slug(request: HttpRequest, slug: str, field_slug: str) -> HttpResponse:
    """The page of a field that was made here, found by its slug."""
    rtype = find_type_with_fields(request, slug)
    found = next((one for one in fields_of(rtype) if one.row.slug == field_slug), None)
    if found is None:
        raise Http404(_("There is no such field."))
    return redirect("web:custom-field", rtype.slug, found.row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def new_field(request: HttpRequest, slug: str) -> HttpResponse:
    """First the types to choose from, then the form of the chosen one."""
    rtype = find_type_with_fields(request, slug)
    kind = KINDS.get(request.POST.get("type") or request.GET.get("type", ""))
    if kind is None:
        return render(request, "web/fields/kinds.html", {"rtype": rtype, "kinds": KINDS.values()})
    draft = CustomField(record_type=rtype.slug, type=kind.name, slug="x_new")
    errors: dict[str, str] = {}
    raw: dict[str, Any] = {name: request.GET[name] for name in ("label", "formula") if name in request.GET}
    if request.method == "POST":
        raw = given(request.POST, kind, draft)
        lines = request.POST.get("options", "").splitlines() if kind.has_options else []
        raw = {**raw, "type": kind.name, "options": [line.strip() for line in lines if line.strip()]}
        raw |= {"target": request.POST.get("target", "")} if kind.has_target else {}
        try:
            with open_act(actor_of(request)) as act:
                row = actions.create_field(act, rtype, raw)
        except ValidationFailed as error:
            errors = error.errors
        else:
            say(request, _("The field %(label)s is there.") % {"label": row.label}, undo=act.batch)
            return redirect("web:custom-field" if kind.has_options else "web:fields-of", rtype.slug, *_key(row, kind))
    context = form_context(kind, draft, raw, errors) | {"rtype": rtype, "targets": types_with_fields()}
    return render(request, "web/fields/new.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def field_page(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """What is said of a field, its options, and where it is used."""
    rtype = find_type_with_fields(request, slug)
    shown = _find_field(rtype, key)
    kind, raw, errors = kind_of(shown.row), dict[str, Any](), dict[str, str]()
    if request.method == "POST":
        raw = given(request.POST, kind, shown.row)
        try:
            with open_act(actor_of(request)) as act:
                actions.change_field(act, shown.row, raw)
        except ValidationFailed as error:
            errors = error.errors
        else:
            say(request, _("The field %(label)s was saved.") % {"label": shown.row.label}, undo=act.batch)
            return redirect("web:custom-field", rtype.slug, key)
    return _page(request, rtype, shown, raw, errors)


@require_POST
def options(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Save the list of options; the buttons in it also move, retire or bring back one."""
    rtype = find_type_with_fields(request, slug)
    shown = _find_field(rtype, key)
    sent = given_options(request.POST)
    if (uses := _uses_of_retired(request, rtype, shown, sent)) and "confirmed" not in request.POST:
        return _ask_first(request, rtype, shown, uses, retires=True)
    try:
        with open_act(actor_of(request)) as act:
            actions.set_options(act, shown.row, sent)
    except ValidationFailed as error:
        return _page(request, rtype, shown, {}, error.errors)
    say(request, _("The options were saved."), undo=act.batch)
    return redirect(reverse("web:custom-field", args=[rtype.slug, key]) + "#options")


@require_POST
def deed(request: HttpRequest, slug: str, key: UUID, deed: str) -> HttpResponse:
    """Move, delete or restore a field, or have its index built again."""
    rtype = find_type_with_fields(request, slug)
    shown = _find_field(rtype, key)
    if deed not in DEEDS:
        raise Http404
    do, words = DEEDS[deed]
    asks_first = deed == "delete" and "confirmed" not in request.POST
    if asks_first and (uses := uses_of(actor_of(request), rtype, shown.row.slug)):
        return _ask_first(request, rtype, shown, uses)
    try:
        with open_act(actor_of(request)) as act:
            do(act, shown.row)
    except ValidationFailed as error:
        return _page(request, rtype, shown, {}, error.errors)
    say(request, str(words) % {"label": shown.row.label}, undo=act.batch if deed != "retry" else None)
    if deed == "retry":
        return redirect("web:custom-field", rtype.slug, key)
    return redirect("web:fields-of", rtype.slug)


def _up(act: Act, row: CustomField) -> None:
    actions.move_field(act, row, down=False)


def _down(act: Act, row: CustomField) -> None:
    actions.move_field(act, row, down=True)


DEEDS: dict[str, tuple[Callable[[Act, CustomField], None], Any]] = {
    "up": (_up, __("%(label)s was moved.")),
    "down": (_down, __("%(label)s was moved.")),
    "delete": (actions.delete_field, __("The field %(label)s was deleted. Its values are kept.")),
    "restore": (actions.restore_field, __("The field %(label)s is back with its values.")),
    "retry": (actions.build_again, __("The index of %(label)s is being built.")),
}


def _uses_of_retired(request: HttpRequest, rtype: RecordType, shown: Shown, sent: list[dict[str, str]]) -> list[Use]:
    """What uses the options that would no longer be offered."""
    kept = {one["value"] for one in sent}
    retired = [one.value for one in shown.options if not one.is_deleted and one.value not in kept]
    found = (uses_of(actor_of(request), rtype, shown.row.slug, option=value) for value in retired)
    return list(dict.fromkeys(use for uses in found for use in uses))


def _ask_first(
    request: HttpRequest, rtype: RecordType, shown: Shown, uses: list[Use], *, retires: bool = False
) -> HttpResponse:
    """What uses a field or an option, before it goes; nothing has been done yet."""
    sent = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    context = {
        "rtype": rtype,
        "row": shown.row,
        "uses": uses,
        "retires": retires,
        "sent": [pair for pair in sent if pair[0] != "csrfmiddlewaretoken"],
        "is_blocked": any(use.blocks for use in uses) and not retires,
        "action": request.path,
    }
    return render(request, "web/fields/uses.html", context, status=409)


def _page(
    request: HttpRequest, rtype: RecordType, shown: Shown, raw: dict[str, Any], errors: dict[str, str]
) -> HttpResponse:
    actor, field = actor_of(request), as_field(shown.row)
    context = form_context(kind_of(shown.row), shown.row, raw, errors) | {
        **field_context(actor, rtype, field),
        "rtype": rtype,
        "shown": shown,
        "row": shown.row,
        "used": count_text(used_by(actor, shown.row)),
        "live": [one for one in shown.options if not one.is_deleted],
        "retired": [one for one in shown.options if one.is_deleted],
    }
    return render(request, "web/fields/field.html", context, status=422 if errors else 200)


def find_type_with_fields(request: HttpRequest, slug: str) -> RecordType:
    """The record type of a page about its fields, for administrators; 403 or 404 otherwise."""
    actions.require_admin(actor_of(request))
    rtype = find_type(request, slug)
    if rtype not in types_with_fields():
        raise Http404
    return rtype


def _find_field(rtype: RecordType, key: UUID) -> Shown:
    shown = find_field(key)
    if shown is None or shown.row.record_type != rtype.slug or shown.row.type not in KINDS:
        raise Http404(_("There is no such field."))
    return shown


def _key(row: CustomField, kind: Any) -> list[UUID]:
    return [row.pk] if kind.has_options else []


def _tabs(rtype: RecordType) -> list[dict[str, Any]]:
    return [
        {
            "label": str(one.label_plural).capitalize(),
            "url": reverse("web:fields-of", args=[one.slug]),
            "on": one is rtype,
        }
        for one in types_with_fields()
    ]
