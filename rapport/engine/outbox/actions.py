"""What people do with the outbox: set the mail server, try it, hand messages over, hold them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.events.errors import NotAllowed
from rapport.engine.outbox.events import MessageHeld, MessageQueuedAgain
from rapport.engine.outbox.mail import send_staff_mail
from rapport.engine.outbox.models import MailServer, OutgoingMessage, Security, State
from rapport.engine.outbox.queue import wake

WAITING = (State.QUEUED, State.NOT_SENT)
RESENDABLE = (State.NOT_SENT, State.HELD, State.FAILED, State.UNKNOWN)


class BadSetting(ValueError):
    """A setting that cannot be; `field` names it and the message says how to mend it."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True)
class MailSettings:
    """What the form of the mail server asks. `password` None keeps the one that is set, "" removes it."""

    host: str
    port: int
    security: str
    from_address: str
    from_name: str = ""
    username: str = ""
    password: str | None = None


def set_mail_server(act: Act, settings: MailSettings) -> MailServer:
    """Set or change the mail server. Raises NotAllowed or BadSetting."""
    _require_admin(act)
    _check(settings)
    values = {
        "host": settings.host.strip(),
        "port": settings.port,
        "security": settings.security,
        "username": settings.username.strip(),
        "from_address": settings.from_address.strip(),
        "from_name": " ".join(settings.from_name.split()),
    }
    if settings.password is not None:
        values |= {"password": settings.password, "password_set_at": act.now if settings.password else None}
    server = MailServer.objects.filter(deleted_at=None).first()
    if server is None:
        server = MailServer(**values)
        act.create(server)
    else:
        act.change(server, **values)
    return server


def remove_mail_server(act: Act) -> None:
    """Forget the mail server; from now on mail waits as "not sent"."""
    _require_admin(act)
    server = MailServer.objects.filter(deleted_at=None).first()
    if server is not None:
        act.change(server, password="", password_set_at=None)
        act.delete(server)


def send_test_mail(act: Act, *, to: str) -> UUID:
    """Queue a mail that shows whether the server works. Its row in the outbox tells the server's answer."""
    _require_admin(act)
    text = _("This mail was sent from Rapport to see whether its mail server works. It does.\n")
    subject = _("Test mail from Rapport")
    return send_staff_mail(act, to=to, subject=subject, text=text, key=f"test:{act.batch}")


def hand_over(act: Act, ids: Sequence[UUID]) -> int:
    """Queue messages again that were not sent, held, failed or unknown. Returns how many. Raises NotAllowed."""
    _require_admin(act)
    found = OutgoingMessage.objects.select_for_update().filter(pk__in=ids, state__in=RESENDABLE).order_by("pk")
    messages = [message for message in found if message.payload]
    for message in messages:
        act.happened(MessageQueuedAgain(message.id, message.state))
    OutgoingMessage.objects.filter(pk__in=[message.pk for message in messages]).update(
        state=State.QUEUED, attempts=0, next_try=act.now, answer="", handed_at=None, ended_at=None
    )
    wake()
    return len(messages)


def hold(act: Act, ids: Sequence[UUID]) -> int:
    """Stop messages that have not left yet. Returns how many. Raises NotAllowed."""
    _require_admin(act)
    waiting = OutgoingMessage.objects.select_for_update().filter(pk__in=ids, state__in=WAITING).order_by("pk")
    held = [message.id for message in waiting]
    for message_id in held:
        act.happened(MessageHeld(message_id))
    OutgoingMessage.objects.filter(pk__in=held).update(state=State.HELD, answer=_("Held by %s.") % act.actor.name)
    return len(held)


def _check(settings: MailSettings) -> None:
    if not settings.host.strip() or any(letter.isspace() for letter in settings.host.strip()):
        raise BadSetting("host", _("Give the name of the mail server, as mail.example.com."))
    if not 0 < settings.port < 65536:
        raise BadSetting("port", _("%(port)s is no port; usual ones are 587, 465 and 25.") % {"port": settings.port})
    if settings.security not in Security.values:
        raise BadSetting("security", _("Choose none, STARTTLS or TLS."))
    if settings.password and not settings.username.strip():
        raise BadSetting("username", _("A password needs a user name beside it."))
    try:
        validate_email(settings.from_address.strip())
    except ValidationError as error:
        words = _("%(address)s is not an e-mail address.") % {"address": settings.from_address}
        raise BadSetting("from_address", words) from error


def _require_admin(act: Act) -> None:
    if not act.actor.is_admin:
        raise NotAllowed(_("Only an administrator can do this."))
