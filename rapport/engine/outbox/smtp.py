"""Talking to the mail server, one command at a time, so that the moment is known from which nobody knows."""

import re
import smtplib
import ssl
from collections.abc import Callable
from types import TracebackType

from django.utils.translation import gettext as _

from rapport.engine.outbox.models import Security, State
from rapport.engine.outbox.queue import Verdict
from rapport.engine.outbox.server import Smtp

PATIENCE = 20.0  # seconds for each command
LAST_PATIENCE = 60.0  # seconds for the answer to the whole message
LEADING_DOT = re.compile(rb"(?m)^\.")


class ServerTrouble(Exception):
    """The server itself cannot be used now; no message is at fault."""


class Session:
    """One connection to the server, for a slice of messages; opened with the first one."""

    def __init__(self, server: Smtp) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def hand_over(self, to: str, content: bytes, *, begin: Callable[[], bool]) -> Verdict | None:
        """Deliver one message. `begin` is called when the server waits for the content; None if it says no.

        Raises ServerTrouble when the server cannot be reached or does not let us in.
        """
        smtp = self._smtp or self._open()
        self._smtp = smtp
        try:
            refusal = self._envelope(smtp, to)
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            return Verdict(State.QUEUED, _("The connection broke before the message: %(error)s") % {"error": error})
        if refusal:
            self._start_over(smtp)
            return refusal
        if not begin():
            self._close()
            return None
        return self._content(smtp, content)

    def _open(self) -> smtplib.SMTP:
        """Connect and sign in. Raises ServerTrouble."""
        server = self._server
        place = f"{server.host}:{server.port}"
        try:
            smtp = self._connect()
        except (smtplib.SMTPException, OSError) as error:
            words = _("The mail server %(place)s cannot be used: %(error)s")
            raise ServerTrouble(words % {"place": place, "error": error}) from error
        try:
            if server.security == Security.STARTTLS:
                smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            if server.username:
                smtp.login(server.username, server.password)
        except smtplib.SMTPAuthenticationError as error:
            smtp.close()
            words = _("The mail server %(place)s does not accept the user name and password: %(answer)s")
            raise ServerTrouble(words % {"place": place, "answer": said(error.smtp_code, error.smtp_error)}) from error
        except (smtplib.SMTPException, OSError) as error:
            smtp.close()
            words = _("The mail server %(place)s cannot be used: %(error)s")
            raise ServerTrouble(words % {"place": place, "error": error}) from error
        return smtp

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security == Security.TLS:
            tls = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=tls)
        return smtplib.SMTP(server.host, server.port, timeout=PATIENCE)

    def _envelope(self, smtp: smtplib.SMTP, to: str) -> Verdict | None:
        """Sender, recipient and the word DATA. Returns the server's refusal, None when it waits for the content."""
        code, words = smtp.mail(self._server.from_address)
        if is_yes(code):
            code, words = smtp.rcpt(to)
        if is_yes(code):
            code, words = smtp.docmd("DATA")
        if code == 354:
            return None
        return Verdict(State.FAILED if 500 <= code < 600 else State.QUEUED, said(code, words))

    def _start_over(self, smtp: smtplib.SMTP) -> None:
        """Forget a refused envelope, so that the next message can use the connection."""
        try:
            smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._close()

    def _content(self, smtp: smtplib.SMTP, content: bytes) -> Verdict:
        body = LEADING_DOT.sub(b"..", content)
        try:
            smtp.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        except (smtplib.SMTPException, OSError) as error:
            # Without the final dot the server has no message, so this one may be tried again.
            self._close()
            return Verdict(State.QUEUED, _("The connection broke within the message: %(error)s") % {"error": error})
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(LAST_PATIENCE)
            smtp.send(b".\r\n")
            code, words = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(PATIENCE)
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            lost = _("The server took the message but its answer was lost: %(error)s. It may have arrived.")
            return Verdict(State.UNKNOWN, lost % {"error": error})
        return final_verdict(code, words)

    def _close(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def is_yes(code: int) -> bool:
    return 200 <= code < 300


def final_verdict(code: int, words: bytes) -> Verdict:
    """What the answer to the whole message means: 2xx sent, 4xx later, 5xx never, anything else nobody knows."""
    if is_yes(code):
        return Verdict(State.SENT, said(code, words))
    known = {4: State.QUEUED, 5: State.FAILED}
    return Verdict(known.get(code // 100, State.UNKNOWN), said(code, words))


def said(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {text}"
