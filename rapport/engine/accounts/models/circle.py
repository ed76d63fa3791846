"""Who is around whom: teams, the tree they stand in, and who leads, kept in memory until any of it changes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from rapport.engine.accounts.models.team import Team, TeamMember
from rapport.engine.events.actor import Circle
from rapport.engine.records.definitions import definitions, today


@dataclass(frozen=True)
class Chart:
    """All teams that are in force, who is in them, and who leads them."""

    parents: Mapping[UUID, UUID | None]
    members: Mapping[UUID, frozenset[UUID]]
    leads: Mapping[UUID, frozenset[UUID]]
    teams_of: Mapping[UUID, frozenset[UUID]]

    def above(self, team: UUID) -> list[UUID]:
        """The teams above one, the nearest first."""
        found: list[UUID] = []
        here = self.parents.get(team)
        while here is not None and here in self.parents and here not in found:
            found.append(here)
            here = self.parents[here]
        return found

    def tree(self, teams: Iterable[UUID]) -> set[UUID]:
        """These teams and all below them."""
        roots = set(teams)
        return {team for team in self.parents if team in roots or roots.intersection(self.above(team))}

    def people(self, teams: Iterable[UUID]) -> frozenset[UUID]:
        return frozenset[UUID]().union(*(self.members.get(team, frozenset()) for team in teams))


def around(user_id: UUID) -> tuple[frozenset[UUID], Circle]:
    """The teams a user counts to, those above included, and the users around them."""
    return definitions().once(("around", user_id, today()), lambda: _around(chart(), user_id))


def chart() -> Chart:
    """The teams in force today."""
    return definitions().once((Chart, today()), lambda: _read(today()))


def _around(chart: Chart, user_id: UUID) -> tuple[frozenset[UUID], Circle]:
    own = chart.teams_of.get(user_id, frozenset())
    if not own:
        return frozenset(), Circle()
    led = chart.people(chart.tree(team for team in own if user_id in chart.leads.get(team, frozenset())))
    teams = own.union(*(chart.above(team) for team in own))
    return teams, Circle(chart.people(own), chart.people(chart.tree(own)), led - {user_id})


def _read(today: dt.date) -> Chart:
    teams = Team.objects.filter(deleted_at=None).exclude(ends_on__lt=today)
    parents = dict(teams.values_list("pk", "parent_id"))
    members: dict[UUID, set[UUID]] = defaultdict(set)
    leads: dict[UUID, set[UUID]] = defaultdict(set)
    teams_of: dict[UUID, set[UUID]] = defaultdict(set)
    joined = TeamMember.objects.filter(deleted_at=None, joined_at__isnull=False, team__in=list(parents))
    for team, user, is_lead in joined.values_list("team_id", "user_id", "leads"):
        members[team].add(user)
        teams_of[user].add(team)
        if is_lead:
            leads[team].add(user)
    return Chart(parents, _frozen(members), _frozen(leads), _frozen(teams_of))


def _frozen(found: Mapping[UUID, set[UUID]]) -> dict[UUID, frozenset[UUID]]:
    return {key: frozenset(values) for key, values in found.items()}
