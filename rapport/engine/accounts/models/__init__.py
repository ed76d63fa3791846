"""Users and their teams, tokens and one-time links, and what the bell tells them."""

from rapport.engine.accounts.models.link import OneTimeLink, Purpose
from rapport.engine.accounts.models.notification import Notification
from rapport.engine.accounts.models.team import Team, TeamMember
from rapport.engine.accounts.models.token import ApiToken, Scope, TokenUse
from rapport.engine.accounts.models.user import Role, Theme, User

__all__ = [
    "ApiToken",
    "Notification",
    "OneTimeLink",
    "Purpose",
    "Role",
    "Scope",
    "Team",
    "TeamMember",
    "Theme",
    "TokenUse",
    "User",
]
