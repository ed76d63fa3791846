"""What undo leaves to others: teams to those who may shape them, answers to invitations to whom they were sent to, and
how users are told of things to themselves."""

from collections.abc import Collection
from uuid import UUID

from rapport.engine.accounts.models import NotificationSettings, Team, TeamMember
from rapport.engine.accounts.teams import may_shape
from rapport.engine.events.actor import Actor
from rapport.engine.events.images import type_name
from rapport.engine.events.undo.circles import Hierarchy, hierarchies
from rapport.engine.events.undo.reach import limits


def teams_of_others(actor: Actor, about_type: str, keys: Collection[UUID]) -> set[UUID]:
    """The teams and memberships among the rows that the actor may not change."""
    if about_type == type_name(Team):
        return {one.pk for one in Team.objects.filter(pk__in=keys) if not may_shape(actor, one)}
    if about_type != type_name(TeamMember):
        return set()
    members = TeamMember.objects.filter(pk__in=keys).select_related("team")
    return {one.pk for one in members if not _may_undo(actor, one)}


def settings_of_others(actor: Actor, about_type: str, keys: Collection[UUID]) -> set[UUID]:
    """The settings of notifications among the rows that are not the actor's own."""
    if about_type != type_name(NotificationSettings):
        return set()
    settings = NotificationSettings.objects.filter(pk__in=keys).values_list("pk", "user_id")
    return {key for key, user_id in settings if user_id != actor.user_id}


def _may_undo(actor: Actor, member: TeamMember) -> bool:
    """Nobody is brought back into a team for a time, or taken out of it, against the answer that they gave last."""
    if not member.team.is_for_a_time:
        return may_shape(actor, member.team)
    if actor.kind == "user" and member.user_id == actor.user_id:
        return True
    return may_shape(actor, member.team) and member.changed_by != member.user_id


def tree_of_teams(about_type: str) -> Hierarchy | None:
    """Teams lie under teams; whoever shapes the tree takes turns."""
    return Hierarchy("parent_id", "teams") if about_type == type_name(Team) else None


limits.append(teams_of_others)
limits.append(settings_of_others)
hierarchies.append(tree_of_teams)
