"""Users, for administrators: who is here, inviting, roles, shutting out and letting back in."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.engine.accounts import actions, mails
from rapport.engine.accounts.doors import administrators_only, user_of
from rapport.engine.accounts.errors import AddressTaken
from rapport.engine.accounts.factors.queries import holders_of_factors
from rapport.engine.accounts.forms import InviteForm, RoleForm, role_choices
from rapport.engine.accounts.mails import can_mail
from rapport.engine.accounts.queries import all_users, user_or_404
from rapport.engine.accounts.rosters import memberships
from rapport.engine.events.act import open_act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import role_name
from rapport.engine.records.showing import face, role_url
from rapport.engine.web.sensitive import sensitive
from rapport.engine.web.views.toasts import warn


@require_safe
@administrators_only
def users(request: HttpRequest) -> HttpResponse:
    """Everybody who may sign in, or once might."""
    return show_users(request, InviteForm())


@require_POST
@administrators_only
@never_cache
@sensitive
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by mail, and show the link for handing over in person."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return show_users(request, form, status=422)
    try:
        with open_act(user_of(request).actor) as act:
            user, link = actions.invite_user(act, **form.cleaned_data)
            mails.send_invitation(act, user, link=link)
    except AddressTaken as taken:
        form.add_error("email", str(taken))
        return show_users(request, form, status=422)
    return render(
        request, "accounts/link_made.html", {"user": user, "link": link, "invited": True, "can_mail": can_mail()}
    )


@require_POST
@administrators_only
@never_cache
@sensitive
def make_link(request: HttpRequest, key: UUID) -> HttpResponse:
    """A one-time link for a user who cannot get in."""
    user = user_or_404(key)
    try:
        with open_act(user_of(request).actor) as act:
            link = actions.make_link_for(act, user)
    except NotAllowed as refusal:
        warn(request, str(refusal))
        return redirect("accounts:users")
    return render(request, "accounts/link_made.html", {"user": user, "link": link, "invited": False})


@require_POST
@administrators_only
@sensitive
def change_role(request: HttpRequest, key: UUID) -> HttpResponse:
    form = RoleForm(request.POST)
    if not form.is_valid():
        warn(request, _("Choose one of the roles in the list."))
        return redirect("accounts:users")
    try:
        with open_act(user_of(request).actor) as act:
            actions.change_role(act, user_or_404(key), role=form.cleaned_data["role"])
    except (NotAllowed, ValidationFailed) as refusal:
        warn(request, str(refusal))
    return redirect("accounts:users")


@require_POST
@administrators_only
@sensitive
def deactivate(request: HttpRequest, key: UUID) -> HttpResponse:
    try:
        with open_act(user_of(request).actor) as act:
            actions.deactivate_user(act, user_or_404(key))
    except NotAllowed as refusal:
        warn(request, str(refusal))
    return redirect("accounts:users")


@require_POST
@administrators_only
@sensitive
def reactivate(request: HttpRequest, key: UUID) -> HttpResponse:
    with open_act(user_of(request).actor) as act:
        actions.reactivate_user(act, user_or_404(key))
    return redirect("accounts:users")


def show_users(request: HttpRequest, form: InviteForm, *, status: int = 200) -> HttpResponse:
    teams, holders = memberships(), holders_of_factors()
    rows = [
        {
            "user": one,
            "face": face(str(one), one.pk),
            "role": role_name(one.role),
            "role_url": role_url(one.role),
            "teams": teams.get(one.pk, ()),
            "has_factor": one.pk in holders,
        }
        for one in all_users()
    ]
    context = {"rows": rows, "form": form, "roles": role_choices(), "me": user_of(request)}
    return render(request, "accounts/users.html", context, status=status)
