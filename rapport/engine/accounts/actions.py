"""Verbs on users and their tokens. Each asks who acts; every door calls them."""

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from rapport.engine.accounts.errors import AddressTaken, LastAdministrator
from rapport.engine.accounts.events import SignedIn, UserInvited
from rapport.engine.accounts.links import INVITATION_LASTS, make_link, void_links
from rapport.engine.accounts.models import ApiToken, Purpose, Role, Scope, User
from rapport.engine.accounts.models.user import new_session_seed, normal_email
from rapport.engine.accounts.notifications import wake_pages
from rapport.engine.accounts.places import end_all
from rapport.engine.accounts.secret import digest, new_secret
from rapport.engine.accounts.tokens import PREFIX
from rapport.engine.events.act import Act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.turns import take_turns
from rapport.engine.records.definitions import check_again
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import known_roles


def add_user(act: Act, *, email: str, name: str = "", role: str = Role.MEMBER) -> User:
    """A new user without a password. Raises AddressTaken."""
    _require_admin(act)
    _require_role(role)
    email = normal_email(email)
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User(email=email, name=name, role=role, password=make_password(None))
        act.create(user)
    elif user.is_deleted:
        act.restore(user)
        act.change(user, name=name or user.name, role=role, deactivated_at=None)
    else:
        raise AddressTaken(email)
    return user


def invite_user(act: Act, *, email: str, name: str = "", role: str = Role.MEMBER) -> tuple[User, str]:
    """Add a user and make the link that lets them in and has them choose a password. Raises AddressTaken."""
    user = add_user(act, email=email, name=name, role=role)
    link = make_link(act, user, purpose=Purpose.INVITATION, lasts=INVITATION_LASTS)
    act.happened(UserInvited(user.pk, role))
    return user, link


def make_link_for(act: Act, user: User) -> str:
    """A link that signs a user in once, for handing over in person. An administrator's way to help."""
    _require_admin(act)
    if not user.is_active:
        raise NotAllowed(_("%(user)s is deactivated. Reactivate them first.") % {"user": user})
    return make_link(act, user)


def create_first_administrator(act: Act, *, email: str, name: str) -> User:
    """The first user of an empty instance. Raises NotAllowed once there is any user."""
    if User.objects.exists():
        raise NotAllowed(_("This instance has users already. Ask an administrator for an invitation."))
    return add_user(act, email=email, name=name, role=Role.ADMIN)


def change_role(act: Act, user: User, *, role: str) -> None:
    """Give a user another role. Raises LastAdministrator and ValidationFailed."""
    _require_admin(act)
    _require_role(role)
    if role != Role.ADMIN:
        _keep_an_administrator(besides=user)
    act.change(user, role=role)


def deactivate_user(act: Act, user: User) -> None:
    """Shut a user out: every session, token and link of theirs ends at once. Raises LastAdministrator."""
    _require_admin(act)
    _keep_an_administrator(besides=user)
    act.change(user, deactivated_at=user.deactivated_at or act.now, session_seed=new_session_seed())
    _end_tokens_and_links(act, user)


def reactivate_user(act: Act, user: User) -> None:
    """Let a user sign in again. What ended when they were deactivated stays ended."""
    _require_admin(act)
    act.change(user, deactivated_at=None)


def set_password(act: Act, user: User, password: str) -> None:
    """Set a password, already checked for its strength. Every session, token and link that was ends at once."""
    _require_self_or_admin(act, user)
    act.change(user, password=make_password(password), password_set_at=act.now, session_seed=new_session_seed())
    _end_tokens_and_links(act, user)


def change_profile(act: Act, user: User, *, name: str, language: str, time_zone: str, theme: str) -> None:
    """What users decide about themselves."""
    _require_self_or_admin(act, user)
    act.change(user, name=name, language=language, time_zone=time_zone, theme=theme)


def create_token(act: Act, user: User, *, name: str, scope: str = Scope.READ) -> tuple[ApiToken, str]:
    """A token and its secret, which cannot be shown again. A token makes no tokens."""
    _require_self_or_admin(act, user)
    secret = PREFIX + new_secret()
    token = ApiToken(user=user, name=name, scope=scope, digest=digest(secret))
    act.create(token)
    return token, secret


def revoke_token(act: Act, token: ApiToken) -> None:
    """End a token. Its digest is destroyed, so neither undo nor a restored backup of this row revives it."""
    _require_self_or_admin(act, token.user)
    act.change(token, revoked_at=token.revoked_at or act.now, digest=None)


def note_sign_in(act: Act, user: User, *, how: str) -> None:
    """Say in the journal that a user signed in."""
    act.happened(SignedIn(user.pk, how))


def _require_admin(act: Act) -> None:
    if not act.actor.is_admin or act.actor.kind == "token":
        raise NotAllowed(_("Only administrators can manage users."))


def _require_role(role: str) -> None:
    """Raise ValidationFailed for a role that is not there. It stays until the act ends."""
    take_turns("roles")
    check_again()
    if role not in known_roles():
        words = {"role": role[:60], "known": ", ".join(known_roles())}
        raise ValidationFailed({"role": _("There is no role “%(role)s”, only: %(known)s.") % words})


def _require_self_or_admin(act: Act, user: User) -> None:
    if act.actor.kind == "user" and act.actor.id == user.pk:
        return
    _require_admin(act)


def _end_tokens_and_links(act: Act, user: User) -> None:
    act.change(ApiToken.objects.filter(user=user, digest__isnull=False), revoked_at=act.now, digest=None)
    void_links(user)
    end_all(user)
    wake_pages(user.pk)


def _keep_an_administrator(*, besides: User) -> None:
    """Raise LastAdministrator if no other would be left. Rows are locked, so two who leave at once see each other."""
    administrators = User.objects.active().filter(role=Role.ADMIN).order_by("pk").select_for_update()
    if [user.pk for user in administrators] == [besides.pk]:
        raise LastAdministrator
