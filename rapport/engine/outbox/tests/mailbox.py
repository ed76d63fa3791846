"""A real SMTP server that answers as told: takes, puts off, refuses, hangs, or drops the line at a chosen moment."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.fixtures.site import free_port


class Mailbox:
    """What arrived, and how the server behaves. `at_data` is what it says to a whole message."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.at_mail = self.at_rcpt = self.at_data = "250 OK"
        self.port = 0

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802 — aiosmtpd names it
        envelope.mail_from = address
        return await self._say(server, self.at_mail)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802 — aiosmtpd names it
        envelope.rcpt_tos.append(address)
        return await self._say(server, self.at_rcpt)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 — aiosmtpd names it
        self.raw.append(envelope.content)
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return await self._say(server, self.at_data)

    async def _say(self, server: Any, words: str) -> str:
        if words == "hang":
            await asyncio.sleep(5)
        if words == "drop":
            server.transport.abort()
        return words if words[0].isdigit() else "250 OK"


@contextmanager
def running_mailbox(**options: Any) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    mailbox.port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, **options)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def accept_only(user: str, password: str) -> Any:
    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (user.encode(), password.encode()), handled=False)

    return check
