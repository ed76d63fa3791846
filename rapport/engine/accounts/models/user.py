"""The user: a person of this organisation who may sign in."""

import secrets
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from rapport.engine.accounts.models.circle import around
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import ADMIN, MEMBER, SYSTEM, Actor
from rapport.engine.events.models import Journaled


class Role(models.TextChoices):
    ADMIN = ADMIN, _("Administrator")
    MEMBER = MEMBER, _("Member")


class Theme(models.TextChoices):
    AUTO = "auto", _("Like the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


def new_session_seed() -> str:
    return secrets.token_hex(16)


class UserManager(BaseUserManager["User"]):
    """Finds users by address whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normal_email(username or ""))

    def create_user(
        self, email: str, password: str | None = None, *, name: str = "", role: str = Role.MEMBER
    ) -> "User":
        """A user made by the system itself. Without a password nobody can sign in as them but by a one-time link."""
        user = User(email=email, name=name, role=role, password=make_password(password))
        with open_act(SYSTEM) as act:
            act.create(user)
        return user

    def active(self) -> "models.QuerySet[User]":
        return self.filter(deactivated_at=None, deleted_at=None)


class User(Journaled, AbstractBaseUser):
    """Somebody who may sign in, with a role. Never deleted: what they did keeps their name."""

    email = models.EmailField(_("E-mail"), unique=True, error_messages={"unique": _("This address has an account.")})
    name = models.CharField(_("Name"), max_length=150, blank=True)
    role = models.CharField(_("Role"), max_length=20, default=Role.MEMBER)
    language = models.CharField(_("Language"), max_length=20, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=64, blank=True)
    theme = models.CharField(_("Theme"), max_length=10, choices=Theme.choices, default=Theme.AUTO)
    password_set_at = models.DateTimeField(null=True, editable=False)
    deactivated_at = models.DateTimeField(null=True, editable=False)
    # Part of what every session is checked against: a new value ends them all, and undo never brings the old one back.
    session_seed = models.CharField(max_length=32, default=new_session_seed, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    journal_exclude: ClassVar[frozenset[str]] = frozenset({"password", "session_seed", "last_login"})
    undoable: ClassVar[bool] = False

    class Meta:
        ordering: ClassVar = ["name", "email"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django declares a column; ours follows from a time
        return self.deactivated_at is None and self.deleted_at is None

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def actor(self) -> Actor:
        """This user as the one who acts."""
        teams, circle = around(self.pk)
        roles = frozenset({self.role})
        return Actor(kind="user", id=self.pk, name=str(self), roles=roles, teams=teams, circle=circle)

    def derive(self) -> None:
        self.email = normal_email(self.email)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        seed = f"{self.password}:{self.session_seed}"
        return salted_hmac("rapport.accounts.session", seed, secret=secret, algorithm="sha256").hexdigest()


def normal_email(email: str) -> str:
    """The one form in which an address is stored and looked up."""
    return email.strip().lower()
