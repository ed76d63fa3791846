"""Users, their teams, tokens, links and second factors, where they are signed in, what the bell tells, and audits."""

from rapport.engine.accounts.models.audit import AuditReport, SensitiveRead
from rapport.engine.accounts.models.counter import Remembered
from rapport.engine.accounts.models.factor import FactorSecret
from rapport.engine.accounts.models.link import OneTimeLink, Purpose
from rapport.engine.accounts.models.notification import Mails, Notification, NotificationSettings
from rapport.engine.accounts.models.rules import SignInRules
from rapport.engine.accounts.models.session import Place
from rapport.engine.accounts.models.team import Team, TeamMember
from rapport.engine.accounts.models.token import ApiToken, Scope, TokenUse
from rapport.engine.accounts.models.user import Role, Theme, User

__all__ = [
    "ApiToken",
    "AuditReport",
    "FactorSecret",
    "Mails",
    "Notification",
    "NotificationSettings",
    "OneTimeLink",
    "Place",
    "Purpose",
    "Remembered",
    "Role",
    "Scope",
    "SensitiveRead",
    "SignInRules",
    "Team",
    "TeamMember",
    "Theme",
    "TokenUse",
    "User",
]
