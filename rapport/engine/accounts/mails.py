"""Mails to users about their accounts. They go through the outbox."""

from django.utils.translation import gettext as _

from rapport.engine.accounts.models import User
from rapport.engine.events.act import Act, open_act
from rapport.engine.events.ids import uuid7
from rapport.engine.outbox.mail import send_staff_mail
from rapport.engine.outbox.server import mail_server


def can_mail() -> bool:
    """Whether a mail server is set up. Without one, mail waits in the outbox."""
    return mail_server() is not None


def send_invitation(act: Act, user: User, *, link: str) -> None:
    """Ask somebody to join."""
    subject = _("%(name)s invites you to Rapport") % {"name": act.actor.name}
    text = _(
        "%(name)s invites you to work together in Rapport.\n\n"
        "Open this link and choose a password. It works once, within seven days:\n\n%(link)s\n"
    ) % {"name": act.actor.name, "link": link}
    send_staff_mail(act, to=user.email, subject=subject, text=text, key=f"invitation:{user.pk}:{act.batch}")


def send_password_reset(user: User, *, address: str) -> None:
    """Let somebody choose a new password in place of one that was forgotten."""
    text = _(
        "Somebody, probably you, asked for a new password for %(email)s.\n\n"
        "Open this link and choose one. It works once, within three days:\n\n%(link)s\n\n"
        "If you did not ask, do nothing: your password stays as it is.\n"
    ) % {"email": user.email, "link": address}
    with open_act(user.actor, reason="password forgotten") as act:
        subject = _("Choose a new password")
        send_staff_mail(act, to=user.email, subject=subject, text=text, key=f"password:{user.pk}:{act.batch}")


def send_factor_added(act: Act, user: User, *, name: str) -> None:
    """Tell a user of a second factor that was set up for them."""
    words = _(
        "%(factor)s was added to your account %(email)s, and can be used to sign in from now on.\n\n%(stranger)s\n"
    )
    _tell(act, user, _("A second factor was added"), words % {"factor": name, **_about(user)})


def send_factor_removed(act: Act, user: User, *, name: str) -> None:
    """Tell a user of a second factor that is gone."""
    words = _("%(factor)s was removed from your account %(email)s.\n\n%(stranger)s\n")
    _tell(act, user, _("A second factor was removed"), words % {"factor": name, **_about(user)})


def send_factor_taken(act: Act, user: User) -> None:
    """Tell a user that somebody else took their second factor away."""
    words = _(
        "%(name)s took away the second factor of your account %(email)s. Until you set up a new one, "
        "you sign in with your password alone.\n\n%(stranger)s\n"
    )
    _tell(act, user, _("Your second factor was taken away"), words % {"name": act.actor.name, **_about(user)})


def _about(user: User) -> dict[str, str]:
    return {"email": user.email, "stranger": _("If you did not want this, talk to an administrator at once.")}


def _tell(act: Act, user: User, subject: str, text: str) -> None:
    """What is old news once a mail server is set up does not wait for one."""
    if can_mail():
        send_staff_mail(act, to=user.email, subject=subject, text=text, key=f"factor:{user.pk}:{uuid7()}")
