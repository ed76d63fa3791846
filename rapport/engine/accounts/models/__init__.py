"""Users and their teams, tokens and one-time links, what the bell tells them, and what audits found."""

from rapport.engine.accounts.models.audit import AuditReport, SensitiveRead
from rapport.engine.accounts.models.link import OneTimeLink, Purpose
from rapport.engine.accounts.models.notification import Notification
from rapport.engine.accounts.models.team import Team, TeamMember
from rapport.engine.accounts.models.token import ApiToken, Scope, TokenUse
from rapport.engine.accounts.models.user import Role, Theme, User

__all__ = [
    "ApiToken",
    "AuditReport",
    "Notification",
    "OneTimeLink",
    "Purpose",
    "Role",
    "Scope",
    "SensitiveRead",
    "Team",
    "TeamMember",
    "Theme",
    "TokenUse",
    "User",
]
