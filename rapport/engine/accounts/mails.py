"""Mails to users about their accounts. They go through the outbox."""

from django.utils.translation import gettext as _

from rapport.engine.accounts.models import User
from rapport.engine.events.act import Act, open_act
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
