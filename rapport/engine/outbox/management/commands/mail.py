"""`rapport mail`: the mail server and the outbox from the command line."""

from getpass import getpass
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.outbox import queries
from rapport.engine.outbox.actions import BadSetting, MailSettings, hand_over, send_test_mail, set_mail_server
from rapport.engine.outbox.mail import dispatch_mail
from rapport.engine.outbox.models import Security, State
from rapport.engine.outbox.server import mail_server
from rapport.engine.outbox.smtp import ServerTrouble

TROUBLED = (State.NOT_SENT, State.FAILED, State.UNKNOWN, State.HELD)


class Command(BaseCommand):
    help = "Show the outbox, set the mail server, send a test mail, or send messages again."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("show", help="the server in force, and what did not leave")
        server = verbs.add_parser("server", help="set the mail server; the password is asked for")
        server.add_argument("host")
        server.add_argument("--port", type=int, default=587)
        server.add_argument("--security", choices=Security.values, default=Security.STARTTLS)
        server.add_argument("--user", default="", help="user name at the server")
        server.add_argument("--from", dest="from_address", required=True, help="the sender's address")
        server.add_argument("--name", default="", help="the sender's name")
        verbs.add_parser("test", help="send a test mail now").add_argument("address")
        again = verbs.add_parser("send", help="send messages again, or all that wait for a server")
        again.add_argument("ids", nargs="*", type=UUID)

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        verbs = {"show": self._show, "server": self._set, "test": self._test, "send": self._send}
        verbs[verb](options)

    def _show(self, _options: dict[str, Any]) -> None:
        server = mail_server()
        told = f"{server.host}:{server.port} ({server.security}), from {server.from_address}" if server else "none"
        self.stdout.write(f"Mail server: {told}")
        for state, count in queries.counts().items():
            self.stdout.write(f"{count:>8,}  {state.label}")
        for message in queries.messages(states=TROUBLED, limit=20):
            self.stdout.write(f"{message.id}  {message.state}  {message.to}  {message.subject}  {message.answer}")

    def _set(self, options: dict[str, Any]) -> None:
        password = getpass("Password: ") if options["user"] else ""
        settings = MailSettings(
            options["host"],
            options["port"],
            options["security"],
            options["from_address"],
            from_name=options["name"],
            username=options["user"],
            password=password,
        )
        try:
            with open_act(SYSTEM, reason="command line") as act:
                set_mail_server(act, settings)
        except BadSetting as error:
            raise CommandError(f"{error.field}: {error}") from error
        self.stdout.write("The mail server is set. Try it: rapport mail test you@example.com")

    def _test(self, options: dict[str, Any]) -> None:
        try:
            with open_act(SYSTEM, reason="command line") as act:
                message_id = send_test_mail(act, to=options["address"])
            dispatch_mail()
        except (ServerTrouble, ValueError) as error:
            raise CommandError(str(error)) from error
        message = queries.message(message_id)
        if message is None or message.state != State.SENT:
            raise CommandError(message.answer if message else "The test mail is gone.")
        self.stdout.write(f"Sent. The server said: {message.answer}")

    def _send(self, options: dict[str, Any]) -> None:
        waiting = [message.id for message in queries.messages(states=[State.NOT_SENT], limit=10_000)]
        with open_act(SYSTEM, reason="command line") as act:
            count = hand_over(act, options["ids"] or waiting)
        self.stdout.write(f"{count:,} messages are queued.")
