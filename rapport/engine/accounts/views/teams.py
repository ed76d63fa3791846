"""Teams: the tree, for administrators, and everybody's own with the teams for a time that they call together."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from rapport.engine.accounts import teams
from rapport.engine.accounts.doors import administrators_only, user_of
from rapport.engine.accounts.models import Team, TeamMember, User
from rapport.engine.accounts.queries import active_among, active_users, find_user
from rapport.engine.accounts.rosters import Roster, find_roster, flat, for_a_time, invitations_of, teams_of, tree
from rapport.engine.events.act import Act, open_act
from rapport.engine.events.ids import read_id
from rapport.engine.records.definitions import today
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.showing import face
from rapport.engine.web.views.finding import actor_of
from rapport.engine.web.views.toasts import say, warn

SAID = ("name", "purpose", "parent", "ends_on")
BLANK = dict.fromkeys(SAID, "")
Raw = dict[str, str]
Errors = dict[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def tree_page(request: HttpRequest) -> HttpResponse:
    """All teams: the tree, and those for a time. A new one is made here."""
    errors: Errors = {}
    if request.method == "POST":
        try:
            with open_act(actor_of(request)) as act:
                team = teams.create_team(act, _said(request))
        except ValidationFailed as error:
            errors = error.errors
        else:
            say(request, _("The team %(name)s is there.") % {"name": team.name}, undo=act.batch)
            return redirect("accounts:team", team.pk)
    roots = tree()
    context: dict[str, Any] = {"tree": roots, "choices": list(flat(roots)), "for_a_time": for_a_time()}
    context |= {"raw": BLANK | _said(request), "errors": errors}
    return render(request, "accounts/teams.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def my_teams(request: HttpRequest) -> HttpResponse:
    """One's teams and invitations. A team for a time is called together here."""
    user, errors, chosen = user_of(request), Errors(), set(request.POST.getlist("users"))
    if request.method == "POST":
        try:
            with open_act(actor_of(request)) as act:
                team = teams.gather_team(act, _said(request), _users(request))
        except ValidationFailed as error:
            errors = error.errors
        else:
            say(request, _("The team %(name)s is called together.") % {"name": team.name}, undo=act.batch)
            return redirect("accounts:team", team.pk)
    user = _seen_as(request, user)
    context = {
        "me": user,
        "teams": [(one, one.member(user.pk)) for one in teams_of(user)],
        "invitations": invitations_of(user),
        "others": active_users().exclude(pk=user.pk),
        "chosen": chosen,
        "raw": BLANK | _said(request),
        "errors": errors,
        "first_day": today(),
    }
    return render(request, "accounts/my_teams.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def team_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """One team: who is in it and, for who may change it, what it is called, who comes and who goes."""
    roster = _found(request, key)
    if request.method != "POST":
        return _page(request, roster)
    try:
        with open_act(actor_of(request)) as act:
            teams.change_team(act, roster.team, _said(request))
    except ValidationFailed as error:
        return _page(request, _found(request, key), error.errors)
    say(request, _("The team was saved."), undo=act.batch)
    return redirect("accounts:team", key)


@require_POST
def team_deed(request: HttpRequest, key: UUID, deed: str) -> HttpResponse:
    """Put somebody into a team, invite to it, or end it."""
    roster = _found(request, key)
    if deed not in DEEDS:
        raise Http404
    try:
        with open_act(actor_of(request)) as act:
            said = DEEDS[deed](request, act, roster.team)
    except ValidationFailed as error:
        warn(request, " ".join(error.errors.values()))
        return redirect("accounts:team", key)
    say(request, said, undo=act.batch)
    if deed != "delete":
        return redirect("accounts:team", key)
    return redirect("accounts:teams" if not roster.team.is_for_a_time else "accounts:my_teams")


@require_POST
def member_deed(request: HttpRequest, key: UUID, member: UUID, deed: str) -> HttpResponse:
    """Answer an invitation, leave, take somebody out, or say who leads."""
    _found(request, key)
    row = teams.find_member(key, member)
    if row is None or deed not in MEMBER_DEEDS:
        raise Http404(_("This invitation was taken back, or somebody has left."))
    try:
        with open_act(actor_of(request)) as act:
            said = MEMBER_DEEDS[deed](act, row)
    except ValidationFailed as error:
        warn(request, " ".join(error.errors.values()))
    else:
        say(request, said, undo=act.batch)
    is_own = row.user_id == actor_of(request).user_id and row.team.is_for_a_time
    return redirect("accounts:my_teams") if is_own else redirect("accounts:team", key)


def _add(request: HttpRequest, act: Act, team: Team) -> str:
    user = find_user(read_id(request.POST.get("user")))
    if user is None:
        raise ValidationFailed({"user": _("Choose somebody to put into the team.")})
    teams.add_member(act, team, user, leads="leads" in request.POST)
    return _("%(user)s is in the team.") % {"user": user}


def _invite(request: HttpRequest, act: Act, team: Team) -> str:
    asked = teams.invite(act, team, _users(request))
    if not asked:
        raise ValidationFailed({"users": _("Choose somebody to invite who is not in the team yet.")})
    return ngettext("%(num)d was invited.", "%(num)d were invited.", asked) % {"num": asked}


def _delete(_request: HttpRequest, act: Act, team: Team) -> str:
    teams.delete_team(act, team)
    return (_("The team %(name)s has ended.") if team.is_for_a_time else _("The team %(name)s was deleted.")) % {
        "name": team.name
    }


def _accept(act: Act, member: TeamMember) -> str:
    teams.answer_invitation(act, member, accept=True)
    return _("You are in the team %(name)s.") % {"name": member.team}


def _decline(act: Act, member: TeamMember) -> str:
    teams.answer_invitation(act, member, accept=False)
    return _("You declined.")


def _remove(act: Act, member: TeamMember) -> str:
    was_asked = member.joined_at is None
    teams.remove_member(act, member)
    if was_asked:
        return _("The invitation of %(user)s was taken back.") % {"user": member.user}
    return _("%(user)s has left the team %(name)s.") % {"user": member.user, "name": member.team}


def _lead(act: Act, member: TeamMember) -> str:
    teams.add_member(act, member.team, member.user, leads=True)
    return _("%(user)s leads the team.") % {"user": member.user}


def _follow(act: Act, member: TeamMember) -> str:
    teams.add_member(act, member.team, member.user, leads=False)
    return _("%(user)s leads the team no more.") % {"user": member.user}


DEEDS: dict[str, Callable[[HttpRequest, Act, Team], str]] = {"add": _add, "invite": _invite, "delete": _delete}
MEMBER_DEEDS: dict[str, Callable[[Act, TeamMember], str]] = {
    "accept": _accept, "decline": _decline, "remove": _remove, "lead": _lead, "follow": _follow,
}  # fmt: skip


def _found(request: HttpRequest, key: UUID) -> Roster:
    roster = find_roster(actor_of(request), key)
    if roster is None:
        raise Http404(_("There is no such team, or it is not yours."))
    return roster


def _page(request: HttpRequest, roster: Roster, errors: Errors | None = None) -> HttpResponse:
    actor, team = actor_of(request), roster.team
    inside = {one.user_id for one in (*roster.members, *roster.invited)}
    shapes = teams.may_shape(actor, team)
    above = [one for one in flat(tree()) if one.team.pk != team.pk] if shapes and not team.is_for_a_time else []
    now = {"name": team.name, "purpose": team.purpose, "parent": str(team.parent_id or ""), "ends_on": team.ends_on}
    context = {
        "roster": roster,
        "people": [(one, face(str(one.user), one.user_id)) for one in (*roster.members, *roster.invited)],
        "team": team,
        "shapes": shapes,
        "is_admin": actor.is_admin,
        "mine": roster.member(actor.user_id),
        "others": [one for one in active_users() if one.pk not in inside] if shapes else [],
        "choices": above,
        "raw": now | _said(request),
        "errors": errors or {},
        "first_day": today(),
    }
    return render(request, "accounts/team.html", context, status=422 if errors else 200)


def _said(request: HttpRequest) -> Raw:
    return {name: request.POST.get(name, "") for name in SAID if name in request.POST}


def _users(request: HttpRequest) -> list[User]:
    """Those who were ticked and may sign in."""
    return active_among(key for sent in request.POST.getlist("users") if (key := read_id(sent)))


def _seen_as(request: HttpRequest, user: User) -> User:
    """Whose teams the page shows: those of the user through whose eyes an administrator looks."""
    actor = actor_of(request)
    return (find_user(actor.id) or user) if actor.onlooker else user
