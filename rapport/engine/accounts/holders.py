"""With whom records can be shared: users and teams."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rapport.engine.accounts.models import Team, User
from rapport.engine.accounts.models.circle import chart
from rapport.engine.records.definitions import definitions, today
from rapport.engine.records.models import Share
from rapport.engine.records.sharing import Holders, register_holders


def users() -> Mapping[UUID, str]:
    """Everybody who may sign in."""
    return {one.pk: str(one) for one in User.objects.active().only("name", "email")}


def teams() -> Mapping[UUID, str]:
    """The teams in force, kept in memory until any of them changes."""
    return definitions().once(("team names", today()), _team_names)


def _team_names() -> Mapping[UUID, str]:
    return dict(Team.objects.filter(pk__in=list(chart().parents)).order_by("name").values_list("pk", "name"))


def members(team: UUID) -> Iterable[UUID]:
    """The users in a team and in those below it."""
    return chart().people(chart().tree([team]))


register_holders(Holders(Share.Kind.USER, _("User"), users, lambda user: [user]))
register_holders(Holders(Share.Kind.TEAM, _("Team"), teams, members))
