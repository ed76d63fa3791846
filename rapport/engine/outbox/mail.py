"""Mail to the people who work here: queued within an act, handed over by the worker."""

from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.jobs.stopping import is_stopping
from rapport.engine.outbox.models import Kind, OutgoingMessage, State
from rapport.engine.outbox.queue import Verdict, begin, claim, give_back, put, settle
from rapport.engine.outbox.server import Smtp, mail_server
from rapport.engine.outbox.smtp import ServerTrouble, Session

# Only ASCII on the wire: every server takes it.
POLICY = SMTP.clone(cte_type="7bit")


def send_staff_mail(
    act: Act, *, to: str, subject: str, text: str, html: str = "", key: str, headers: Mapping[str, str] | None = None
) -> UUID:
    """Queue a mail to a colleague in the act's transaction. A second one with the same key is not queued.

    `headers` stand beside our own, such as List-Unsubscribe. Raises ValueError for an address that is none. While no
    mail server is set it waits as "not sent".
    """
    try:
        validate_email(to)
    except ValidationError as error:
        raise ValueError(_("%(address)s is not an e-mail address.") % {"address": to}) from error
    message = OutgoingMessage(key=key, kind=Kind.MAIL, to=to, subject=one_line(subject))
    return put(act, message, {"text": text, "html": html, "headers": dict(headers or {})})


def dispatch_mail() -> int:
    """Hand over one slice of due mail. Returns how many were taken; raises ServerTrouble when the server is down."""
    server = mail_server()
    if server is None:
        set_aside()
        return 0
    taken = claim(Kind.MAIL)
    with Session(server) as session:
        for number, message in enumerate(taken):
            if is_stopping():
                give_back(taken[number:])
                break
            try:
                _hand_over(session, server, message)
            except ServerTrouble as trouble:
                give_back(taken[number:], answer=str(trouble))
                raise
    return len(taken)


def set_aside() -> None:
    """Without a mail server, mail waits as "not sent" until somebody asks for it."""
    words = _("No mail server is set up yet.")
    OutgoingMessage.objects.filter(kind=Kind.MAIL, state=State.QUEUED).update(state=State.NOT_SENT, answer=words)


def compose(message: OutgoingMessage, server: Smtp) -> bytes:
    """The mail as it goes over the wire. Its Message-ID follows from its row, so that a double can be told."""
    content = message.content()
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(server.from_name, addr_spec=ascii_address(server.from_address))
    mail["To"] = ascii_address(message.to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.id}@{ascii_address(server.from_address).rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in content.get("headers", {}).items():
        mail[name] = one_line(value)
    mail.set_content(content["text"])
    if content.get("html"):
        mail.add_alternative(content["html"], subtype="html")
    return mail.as_bytes()


def one_line(text: str) -> str:
    """A header's text: no line breaks, no control characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def ascii_address(address: str) -> str:
    """An address with its domain as name servers know it."""
    local, _at, domain = address.rpartition("@")
    return f"{local}@{domain if domain.isascii() else idna.encode(domain, uts46=True).decode()}"


def _hand_over(session: Session, server: Smtp, message: OutgoingMessage) -> None:
    try:
        content = compose(message, server)
    except ValueError as error:
        settle(message, Verdict(State.FAILED, _("The mail cannot be written: %(error)s") % {"error": error}))
        return
    answer = session.hand_over(ascii_address(message.to), content, begin=lambda: begin(message))
    if answer is not None:
        settle(message, answer)
