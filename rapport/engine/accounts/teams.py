"""Verbs on teams. Administrators shape the tree; anybody gathers a team for a time, by invitation."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.accounts.models import Team, TeamMember, User
from rapport.engine.accounts.notifications import notify
from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.ids import read_id
from rapport.engine.events.turns import take_turns
from rapport.engine.records.definitions import today
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.folding import fold_key

LONGEST_NAME, LONGEST_PURPOSE, MOST_AT_ONCE = 100, 300, 100
LONGEST = dt.timedelta(days=366)


def create_team(act: Act, raw: Mapping[str, Any]) -> Team:
    """Make a team of the tree from `name`, `purpose` and `parent`. Raises ValidationFailed and NotAllowed."""
    require_teams(act.actor)
    take_turns("teams")
    team = Team(name=_name(raw, None), purpose=_purpose(raw), parent=_parent(raw, None))
    return act.create(team)


def change_team(act: Act, team: Team, raw: Mapping[str, Any]) -> Team:
    """Change what is given of `name`, `purpose`, `parent` and, of a team for a time, `ends_on`."""
    require_shaping(act.actor, team)
    take_turns("teams")
    _hold(act, team)
    values: dict[str, Any] = {}
    if "name" in raw:
        values["name"] = _name(raw, team)
    if "purpose" in raw:
        values["purpose"] = _purpose(raw)
    if "parent" in raw and not team.is_for_a_time:
        values["parent"] = _parent(raw, team)
    if "ends_on" in raw and team.is_for_a_time:
        values["ends_on"] = _last_day(raw)
    act.change(team, **values)
    return team


def delete_team(act: Act, team: Team) -> None:
    """Take a team away; its members stay who they are. Raises ValidationFailed while there are teams below it."""
    require_shaping(act.actor, team)
    take_turns("teams")
    if Team.objects.filter(parent=team, deleted_at=None).exists():
        raise ValidationFailed({"team": _("There are teams below this one. Move or delete them first.")})
    act.delete(TeamMember.objects.filter(team=team, deleted_at=None))
    act.delete(team)


def add_member(act: Act, team: Team, user: User, *, leads: bool = False) -> TeamMember:
    """Put somebody into a team of the tree, or let a member lead or lead no more."""
    require_teams(act.actor)
    if team.is_for_a_time:
        raise NotAllowed(_("A team for a time is joined by invitation."))
    if not user.is_active:
        raise ValidationFailed({"user": _("%(user)s is deactivated.") % {"user": user}})
    take_turns(f"members of {team.pk}")
    _hold(act, team)
    known = TeamMember.objects.filter(team=team, user=user, deleted_at=None).first()
    if known is not None:
        act.change(known, leads=leads)
        return known
    return act.create(TeamMember(team=team, user=user, leads=leads, joined_at=act.now))


def remove_member(act: Act, member: TeamMember) -> None:
    """Take somebody out of a team, or an invitation back. Whoever was invited may go by themselves."""
    if not (member.team.is_for_a_time and member.user_id == act.actor.user_id):
        require_shaping(act.actor, member.team)
    act.delete(member)


def gather_team(act: Act, raw: Mapping[str, Any], users: Collection[User]) -> Team:
    """Call a team together until a day, from `name`, `purpose` and `ends_on`: who accepts is in it.

    Members see what is shared with the team, and by roles that reach a team's records what the others own.
    """
    gatherer = _in_person(act.actor)
    take_turns("teams")
    team = Team(name=_name(raw, None), purpose=_purpose(raw), ends_on=_last_day(raw), gatherer=gatherer)
    act.create(team)
    act.create(TeamMember(team=team, user=gatherer, joined_at=act.now))
    invite(act, team, users)
    return team


def invite(act: Act, team: Team, users: Collection[User]) -> int:
    """Ask users to join a team for a time. Returns how many were asked that are not in it, or asked, already."""
    require_shaping(act.actor, team)
    if not team.is_for_a_time:
        raise NotAllowed(_("Only a team for a time is joined by invitation."))
    if len(users) > MOST_AT_ONCE:
        raise ValidationFailed({"users": _("At most %(most)d can be invited at once.") % {"most": MOST_AT_ONCE}})
    take_turns(f"members of {team.pk}")
    _hold(act, team)
    _require_in_force(team)
    known = set(TeamMember.objects.filter(team=team, deleted_at=None).values_list("user_id", flat=True))
    asked = [TeamMember(team=team, user=one) for one in users if one.pk not in known and one.is_active]
    act.create(asked)
    for member in asked:
        title = _("%(who)s invites you to the team %(team)s") % {"who": act.actor.name, "team": team.name}
        notify(member.user_id, title=title, url="/teams/", key=f"team {member.pk}", body=team.purpose)
    return len(asked)


def answer_invitation(act: Act, member: TeamMember, *, accept: bool) -> None:
    """Join a team, or decline. Only whom it was sent to answers an invitation."""
    if _in_person(act.actor).pk != member.user_id:
        raise NotAllowed(_("Only whom it was sent to answers an invitation."))
    act.lock([member.team, member])
    if member.is_deleted or member.team.is_deleted:
        raise ValidationFailed({"team": _("This invitation was taken back.")})
    if member.joined_at is not None:
        raise ValidationFailed({"team": _("You are in this team already.")})
    if not accept:
        act.delete(member)
        return
    _require_in_force(member.team)
    act.change(member, joined_at=act.now)


def require_teams(actor: Actor) -> None:
    """Raise NotAllowed for whoever may not shape the tree: all but administrators, and programs."""
    if not actor.is_admin or actor.kind == "token":
        raise NotAllowed(_("Only administrators can manage teams."))


def require_shaping(actor: Actor, team: Team) -> None:
    """Raise NotAllowed unless the actor called this team together, or may shape every team."""
    if not may_shape(actor, team):
        raise NotAllowed(_("Only administrators, and who called a team for a time together, can change it."))


def may_shape(actor: Actor, team: Team) -> bool:
    """Whether the actor may change a team and who is in it."""
    if actor.kind == "token":
        return False
    return actor.is_admin or (team.gatherer_id is not None and team.gatherer_id == actor.user_id)


def has_ended(team: Team) -> bool:
    """Whether the last day of a team for a time is over; it counts no more."""
    return team.ends_on is not None and team.ends_on < today()


def find_member(team: UUID, member: UUID) -> TeamMember | None:
    """A membership or an invitation of a team."""
    rows = TeamMember.objects.filter(team_id=team, pk=member, deleted_at=None, team__deleted_at=None)
    return rows.select_related("team", "user").first()


def _hold(act: Act, team: Team) -> None:
    """Keep a team as it is until the act ends. Raises ValidationFailed for one that is gone."""
    act.lock(team)
    if team.is_deleted:
        raise ValidationFailed({"team": _("There is no such team.")})


def _require_in_force(team: Team) -> None:
    if has_ended(team):
        raise ValidationFailed({"team": _("The last day of this team is over.")})


def _in_person(actor: Actor) -> User:
    user = User.objects.active().filter(pk=actor.id).first() if actor.kind == "user" and actor.id else None
    if user is None:
        raise NotAllowed(_("This is for users who are there in person."))
    return user


def _name(raw: Mapping[str, Any], team: Team | None) -> str:
    name = " ".join(str(raw.get("name") or "").split())
    if not name or len(name) > LONGEST_NAME:
        raise ValidationFailed({"name": _("Give it a name of at most %(most)d characters.") % {"most": LONGEST_NAME}})
    same = Team.objects.filter(name_fold=fold_key(name), deleted_at=None).first()
    if same is not None and same != team:
        raise ValidationFailed({"name": _("There is a team of this name.")})
    return name


def _purpose(raw: Mapping[str, Any]) -> str:
    return " ".join(str(raw.get("purpose") or "").split())[:LONGEST_PURPOSE]


def _parent(raw: Mapping[str, Any], team: Team | None) -> Team | None:
    """The team above, of the tree, which is neither the team itself nor below it."""
    if not raw.get("parent"):
        return None
    key = read_id(raw["parent"])
    parent = Team.objects.filter(pk=key, deleted_at=None, ends_on=None).first() if key else None
    if parent is None:
        raise ValidationFailed({"parent": _("There is no such team.")})
    if team is not None and team.pk in {parent.pk, *_above(parent)}:
        raise ValidationFailed({"parent": _("A team cannot stand below itself.")})
    return parent


def _above(team: Team) -> list[UUID]:
    """The teams above one."""
    parents = dict(Team.objects.filter(deleted_at=None).values_list("pk", "parent_id"))
    found: list[UUID] = []
    here = parents.get(team.pk)
    while here is not None and here not in found:
        found.append(here)
        here = parents.get(here)
    return found


def _last_day(raw: Mapping[str, Any]) -> dt.date:
    try:
        day = dt.date.fromisoformat(str(raw.get("ends_on") or "").strip())
    except ValueError as error:
        raise ValidationFailed({"ends_on": _("Write the last day as a date, such as 2027-03-31.")}) from error
    if not today() <= day <= today() + LONGEST:
        raise ValidationFailed({"ends_on": _("A team for a time ends between today and a year from now.")})
    return day
