"""The pages on which administrators make roles, and see whom a change affects before it is saved."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import ADMIN
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.errors import EditConflict, ValidationFailed
from rapport.engine.records.gate import POLICIES, known_roles, policies_of, role_name
from rapport.engine.records.gate.policies import as_json
from rapport.engine.records.gate.ruled import rule_scope
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.roles import actions
from rapport.engine.records.roles.affecting import SHOWN, effect_of
from rapport.engine.records.roles.queries import roles_shown
from rapport.engine.records.roles.reading import read_policies, types_of_roles
from rapport.engine.records.showing import face, role_url
from rapport.engine.web.addresses import read_number
from rapport.engine.web.role_changes import shown, told
from rapport.engine.web.role_forms import Json, as_sent, rows_of, typed_in, typed_of, verb_labels
from rapport.engine.web.sensitive import sensitive
from rapport.engine.web.views.completing import offers_in
from rapport.engine.web.views.finding import admin_of
from rapport.engine.web.views.toasts import say, warn

USERS_SHOWN = 20
# What a button says, and what stands in every form.
BUTTONS = frozenset({"save", "back", "csrfmiddlewaretoken"})


@require_safe
def roles_page(request: HttpRequest) -> HttpResponse:
    """The roles there are, and how many users have each."""
    admin_of(request)
    roles = [{"role": one, "url": role_url(one.slug)} for one in roles_shown()]
    return render(request, "web/roles/list.html", {"roles": roles})


@sensitive
@require_http_methods(["GET", "HEAD", "POST"])
def new_role(request: HttpRequest) -> HttpResponse:
    """A role that grants nothing yet, or the same as another one."""
    actor = admin_of(request)
    raw = {name: request.POST.get(name, "") for name in ("name", "purpose", "copy")}
    raw["copy"] = raw["copy"] or request.GET.get("copy", "")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            with open_act(actor) as act:
                row = actions.create_role(act, raw | {"policies": _to_copy(raw["copy"])})
        except ValidationFailed as error:
            errors = error.errors
        else:
            say(request, _("The role %(name)s is there. Nobody has it yet.") % {"name": row.name}, undo=act.batch)
            return redirect(role_url(row.slug))
    choices = [(one, role_name(one)) for one in known_roles()]
    context = {"raw": raw, "errors": errors, "choices": choices}
    return render(request, "web/roles/new.html", context, status=422 if errors else 200)


@sensitive
@require_http_methods(["GET", "HEAD", "POST"])
def role_page(request: HttpRequest, role: str) -> HttpResponse:
    """What a role grants. A change is seen first, then saved."""
    actor = admin_of(request)
    if role not in known_roles():
        raise Http404(_("There is no such role."))
    if request.method != "POST":
        return _page(request, role, _now(role))
    now = _now(role)
    raw: Json = {name: request.POST.get(name, now[name]) for name in ("name", "purpose", "version")}
    raw["typed"] = typed_in(request.POST, now["typed"])
    if "back" in request.POST:
        return _page(request, role, raw)
    try:
        raw["policies"] = as_sent(raw["typed"], now["policies"])
        if "save" not in request.POST:
            return _preview(request, role, raw)
        with open_act(actor) as act:
            version = read_number(str(raw["version"])) or 0
            row = actions.change_role(act, role, raw, version=version)
    except ValidationFailed as error:
        return _page(request, role, raw, errors=error.errors)
    except EditConflict as conflict:
        return _page(request, role, raw | {"version": conflict.version}, conflict=conflict)
    say(request, _("The role %(name)s was saved.") % {"name": row.name}, undo=act.batch)
    return redirect(role_url(role))


@sensitive
@require_POST
def delete_role(request: HttpRequest, role: str) -> HttpResponse:
    """Take a role away that nobody has."""
    actor, name = admin_of(request), role_name(role)
    if role not in known_roles():
        raise Http404(_("There is no such role."))
    try:
        with open_act(actor) as act:
            actions.delete_role(act, role)
    except NotAllowed as refusal:
        warn(request, str(refusal))
        return redirect(role_url(role))
    say(request, _("The role %(name)s was deleted.") % {"name": name}, undo=act.batch)
    return redirect("web:roles")


@require_safe
def role_offers(request: HttpRequest, slug: str) -> HttpResponse:
    """What could be written next in a filter of a role."""
    admin_of(request)
    rtype = find_record_type(slug)
    if rtype is None or rtype.sees_as or rtype not in types_of_roles():
        raise Http404(_("There is no page here."))
    return offers_in(request, rule_scope(rtype))


def _to_copy(role: str) -> Json:
    """The policies of another role, none where none was chosen. Raises ValidationFailed."""
    if role and role not in known_roles():
        raise ValidationFailed({"copy": _("There is no such role.")})
    return as_json(policies_of(role)) if role else {}


def _now(role: str) -> Json:
    """What the form shows before anybody typed."""
    row, policies = actions.find_role(role), as_json(policies_of(role))
    said = {"name": role_name(role), "purpose": row.purpose if row else "", "version": row.version if row else 0}
    return said | {"policies": policies, "typed": typed_of(policies)}


def _page(
    request: HttpRequest, role: str, raw: Json, *, errors: dict[str, str] | None = None, conflict: Any = None
) -> HttpResponse:
    users = actions.users_with([role]).order_by("name", "email")
    context = {
        "role": role,
        "title": role_name(role),
        "raw": raw,
        "errors": errors or {},
        "conflict": told(conflict) if conflict else [],
        "rows": rows_of(raw["typed"], errors or {}),
        "verbs": verb_labels().values(),
        "is_admin": role == ADMIN,
        "is_built_in": role in POLICIES,
        "users": [{"name": str(one), "face": face(str(one), one.pk)} for one in users[:USERS_SHOWN]],
        "count": users.count(),
    }
    return render(request, "web/roles/role.html", context, status=422 if errors else 409 if conflict else 200)


def _preview(request: HttpRequest, role: str, raw: Json) -> HttpResponse:
    """Whom the change affects; nothing has been saved yet. Raises ValidationFailed."""
    actions.name_of(raw["name"], role)
    policies = read_policies(raw["policies"])
    effect = effect_of(role, policies)
    then = policies_of(role)
    context = {
        "title": role_name(role),
        "action": role_url(role),
        "users": effect.users,
        "affected": [shown(one, then, policies) for one in effect.affected],
        "looked_at": min(effect.users, SHOWN),
        "sent": [(name, value) for name, value in request.POST.items() if name not in BUTTONS],
        "is_same": as_json(policies) == as_json(then),
    }
    return render(request, "web/roles/preview.html", context)
