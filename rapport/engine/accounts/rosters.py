"""Teams as they are shown: the tree, who is in each, who was invited, and whose they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from rapport.engine.accounts.models import Team, TeamMember, User
from rapport.engine.accounts.teams import has_ended, may_shape
from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import today


@dataclass
class Roster:
    """A team, who is in it, and who was asked to join; those who lead stand first. `below` are the teams below it."""

    team: Team
    members: list[TeamMember] = field(default_factory=list)
    invited: list[TeamMember] = field(default_factory=list)
    below: list["Roster"] = field(default_factory=list)

    @property
    def has_ended(self) -> bool:
        return has_ended(self.team)

    def holds(self, user: UUID | None) -> bool:
        """Whether a user is in it, or asked."""
        return any(one.user_id == user for one in (*self.members, *self.invited))

    def member(self, user: UUID | None) -> TeamMember | None:
        """The membership of a user who has joined."""
        return next((one for one in self.members if one.user_id == user), None)


def tree() -> list[Roster]:
    """The teams of the tree, each with those below it. What stands in a circle begins with the first by name."""
    rosters = {one.team.pk: one for one in _rosters(Q(ends_on=None))}
    for one in rosters.values():
        if (above := rosters.get(one.team.parent_id)) is not None:  # type: ignore[arg-type]  # None is no key
            above.below.append(one)
    roots = [one for one in rosters.values() if one.team.parent_id not in rosters]
    seen = {one.team.pk for one in flat(roots)}
    for one in rosters.values():
        if one.team.pk not in seen:
            for two in rosters.values():
                two.below = [below for below in two.below if below is not one]
            roots.append(one)
            seen |= {each.team.pk for each in flat([one])}
    return roots


def flat(rosters: Iterable[Roster]) -> Iterable[Roster]:
    """Teams with all below them, each above those below it."""
    for one in rosters:
        yield one
        yield from flat(one.below)


def for_a_time() -> list[Roster]:
    """The teams for a time, those whose last day is over among them."""
    return _rosters(Q(ends_on__isnull=False))


def all_rosters() -> list[Roster]:
    """Every team by name."""
    return _rosters(Q())


def teams_of(user: User) -> list[Roster]:
    """The teams in force that somebody has joined, and all that they called together."""
    joined = TeamMember.objects.filter(user=user, joined_at__isnull=False, deleted_at=None).values("team")
    in_force = Q(ends_on=None) | Q(ends_on__gte=today())
    return _rosters(Q(pk__in=joined) & in_force | Q(gatherer=user))


def invitations_of(user: User) -> list[TeamMember]:
    """What somebody was asked to join and has not answered, while it is in force."""
    rows = TeamMember.objects.filter(user=user, joined_at=None, deleted_at=None, team__deleted_at=None)
    rows = rows.filter(team__ends_on__gte=today())
    return list(rows.select_related("team", "team__gatherer").order_by("team__ends_on"))


def find_roster(actor: Actor, key: UUID) -> Roster | None:
    """A team that somebody is in, was asked to join, or may change."""
    found = next(iter(_rosters(Q(pk=key))), None)
    return found if found and (found.holds(actor.user_id) or may_shape(actor, found.team)) else None


def memberships() -> Mapping[UUID, Sequence[TeamMember]]:
    """By user, the teams in force that they are in."""
    rows = TeamMember.objects.filter(deleted_at=None, team__deleted_at=None, joined_at__isnull=False)
    rows = rows.exclude(team__ends_on__lt=today()).select_related("team").order_by("team__name_fold")
    found = defaultdict(list)
    for one in rows:
        found[one.user_id].append(one)
    return found


def _rosters(which: Q) -> list[Roster]:
    teams = Team.objects.filter(which, deleted_at=None).select_related("gatherer", "parent").order_by("name_fold")
    found = {team.pk: Roster(team) for team in teams}
    members = TeamMember.objects.filter(team__in=list(found), deleted_at=None).select_related("user")
    for one in sorted(members, key=lambda one: (not one.leads, str(one.user).casefold())):
        one.team = found[one.team_id].team
        (found[one.team_id].invited if one.joined_at is None else found[one.team_id].members).append(one)
    return list(found.values())
